package writeboost.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import writeboost.app.config.Environment;
import writeboost.app.control.EngineClasses;
import writeboost.engine.cache.CachedDisk;

/** Who may speak to whom; see docs/architecture.md. */
@AnalyzeClasses(packages = "writeboost.app", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Puts the engine on modelled devices, to measure it; no device of a user is in reach there. */
    private static final String MODELLED = "writeboost.app.bench.inside..";

    @ArchTest
    static final ArchRule devicesAreOpenedByOneClassOnly = noClasses()
            .that(not(belongToAnyOf(EngineClasses.DEVICES)))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("writeboost.engine.device.Devices");

    @ArchTest
    static final ArchRule cachesAreOpenedByOneClassOnly = noClasses()
            .that(not(belongToAnyOf(EngineClasses.HOST)).and(not(resideInAPackage(MODELLED))))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(CachedDisk.class);

    @ArchTest
    static final ArchRule onlyControlKnowsTheInsideOfTheEngine = noClasses()
            .that(not(resideInAnyPackage("writeboost.app.control..", MODELLED)))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "writeboost.engine.device..",
                    "writeboost.engine.disk..",
                    "writeboost.engine.log..",
                    "writeboost.engine.nbd..",
                    "writeboost.engine.task..",
                    "writeboost.engine.writeback.."));

    @ArchTest
    static final ArchRule commandsSpeakTheServiceAndNotItsImplementations = noClasses()
            .that()
            .resideInAPackage("writeboost.app.cli..")
            .should()
            .dependOnClassesThat(assignableTo(writeboost.app.control.CacheService.class)
                    .and(not(com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES)));

    @ArchTest
    static final ArchRule theWindowSpeaksTheServiceAndNotItsImplementations = noClasses()
            .that()
            .resideInAPackage("writeboost.app.gui..")
            .should()
            .dependOnClassesThat(assignableTo(writeboost.app.control.CacheService.class)
                    .and(not(com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES)));

    @ArchTest
    static final ArchRule viewModelsKnowNoToolkit = noClasses()
            .that()
            .resideInAPackage("writeboost.app.gui.model..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..", "org.kordamp..", "java.awt.."));

    @ArchTest
    static final ArchRule onlyTheWindowKnowsAToolkit = noClasses()
            .that(not(resideInAPackage("writeboost.app.gui")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..", "org.kordamp.."));

    @ArchTest
    static final ArchRule configKnowsNothingOfTheRest = classes()
            .that()
            .resideInAPackage("writeboost.app.config..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "writeboost.app.config..",
                    "writeboost.engine.cache..",
                    "writeboost.engine.error..",
                    "java..",
                    "org.slf4j..",
                    "ch.qos.logback..",
                    "com.fasterxml.jackson..",
                    "org.jspecify.."));

    @ArchTest
    static final ArchRule packagesDoNotDependOnEachOtherInCircles =
            slices().matching("writeboost.app.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule systemPropertiesAndVariablesAreReadInOnePlace = noClasses()
            .that(not(belongToAnyOf(Environment.class)))
            .should()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperties")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getenv");

    @ArchTest
    static final ArchRule nothingPrintsPastTheTerminal = noClasses()
            .that(not(belongToAnyOf(EngineClasses.TERMINAL)))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");
}
