package writeboost.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import writeboost.engine.task.ThreadTasks;

/** Who may know whom, and what nobody may do; see docs/architecture.md. */
@AnalyzeClasses(packages = "writeboost.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] BOTTOM = {"error", "task", "disk"};

    @ArchTest
    static final ArchRule errorKnowsNobody = mayKnow("error");

    @ArchTest
    static final ArchRule taskKnowsNobody = mayKnow("task");

    @ArchTest
    static final ArchRule diskKnowsNobody = mayKnow("disk");

    @ArchTest
    static final ArchRule deviceKnowsTheBottomOnly = mayKnow("device", "error", "task");

    @ArchTest
    static final ArchRule logKnowsDevices = mayKnow("log", "device", "error", "task");

    @ArchTest
    static final ArchRule writebackKnowsTheLogAndDevices = mayKnow("writeback", "log", "device", "error", "task");

    @ArchTest
    static final ArchRule cacheKnowsAllBelowIt =
            mayKnow("cache", "writeback", "log", "device", "disk", "error", "task");

    @ArchTest
    static final ArchRule nbdServesAnyDiskAndKnowsNoCache = mayKnow("nbd", BOTTOM);

    @ArchTest
    static final ArchRule inspectKnowsTheCacheAndTheLog = mayKnow("inspect", "cache", "log", "device", "error", "task");

    @ArchTest
    static final ArchRule hostKnowsDevices = mayKnow("host", "cache", "device", "error", "task");

    @ArchTest
    static final ArchRule packagesDoNotDependOnEachOtherInCircles =
            slices().matching("writeboost.engine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theEngineIsALibraryForAnyProgram = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "javafx..",
                    "com.fasterxml..",
                    "org.slf4j..",
                    "ch.qos.logback..",
                    "java.util.logging..",
                    "picocli..",
                    "java.awt..",
                    "javax.swing..",
                    "writeboost.app.."));

    @ArchTest
    static final ArchRule theEngineDoesNotPrint = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule timeAndThreadsAreHandedIn = noClasses()
            .that()
            .doNotBelongToAnyOf(ThreadTasks.class)
            .and()
            .haveNameNotMatching(".*\\.task\\.LockMonitor.*") // waits of those tasks
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callConstructorWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                    com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                            JavaClass.Predicates.assignableTo(Thread.class))))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    Executors.class, ForkJoinPool.class, CompletableFuture.class, Timer.class, SecureRandom.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(ThreadLocalRandom.class);

    @ArchTest
    static final ArchRule whatRunsInTheSimulationTakesItsLocksFromTasks = noClasses()
            .that(resideInAnyPackage(inEngine("log", "cache", "writeback")))
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.concurrent.locks.."))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.CountDownLatch")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.Semaphore");

    @ArchTest
    static final ArchRule systemCallsAreMadeByTheDevicesAndTheHostOnly = noClasses()
            .that(resideInAnyPackage(inEngine("cache", "log", "writeback", "nbd", "disk", "task", "error", "inspect")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("jnr..", "com.kenai.."));

    private static ArchRule mayKnow(String who, String... whom) {
        String[] known = new String[whom.length + 1];
        System.arraycopy(whom, 0, known, 0, whom.length);
        known[whom.length] = who;
        return classes()
                .that(resideInAPackage("writeboost.engine." + who + ".."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(inEngine(known))
                        .or(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("writeboost.engine.."))))
                .allowEmptyShould(true);
    }

    private static String[] inEngine(String... names) {
        String[] packages = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            packages[i] = "writeboost.engine." + names[i] + "..";
        }
        return packages;
    }
}
