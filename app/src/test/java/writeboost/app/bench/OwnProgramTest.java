package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import writeboost.app.config.Environment;

class OwnProgramTest {
    @Test
    void theOptionsOfThisJavaAreTakenOver() {
        assertThat(OwnProgram.javaOptions(List.of("-Xmx4g", "-Dx=y", "-jar", "writeboost.jar", "bench", "--peers")))
                .containsExactly("-Xmx4g", "-Dx=y");
        assertThat(OwnProgram.javaOptions(List.of("-XX:+UseSerialGC", "-cp", "a:b", "writeboost.app.Main", "bench")))
                .containsExactly("-XX:+UseSerialGC");
    }

    @Test
    void whereTheUsersOwnThingsAreIsNotTakenOver() {
        assertThat(OwnProgram.javaOptions(List.of("-Dwriteboost.config.dir=/home/me", "-jar", "x.jar")))
                .isEmpty();
        Environment environment = Environment.of(
                        Map.of(Environment.CONFIG_DIR, "/home/me/config", "java.io.tmpdir", "/tmp"),
                        Map.of(
                                "XDG_RUNTIME_DIR",
                                "/run/user/1",
                                "JAVA_TOOL_OPTIONS",
                                "-Xmx1g -Dwriteboost.state.dir=/home/me"))
                .within(Path.of("/tmp/bench"));

        assertThat(environment.configFolder()).isEqualTo(Path.of("/tmp/bench/writeboost"));
        assertThat(environment.stateFolder()).isEqualTo(Path.of("/tmp/bench/writeboost"));
        assertThat(environment.runtimeFolder()).contains(Path.of("/tmp/bench/writeboost"));
        assertThat(OwnProgram.variables(environment))
                .containsEntry("XDG_CONFIG_HOME", "/tmp/bench")
                .containsEntry("XDG_STATE_HOME", "/tmp/bench")
                .containsEntry("XDG_RUNTIME_DIR", "/tmp/bench")
                .containsEntry("JAVA_TOOL_OPTIONS", "-Xmx1g");
    }

    @Test
    void anInstalledProgramIsStartedByItsLauncher() {
        Environment installed = Environment.of(
                Map.of("jpackage.app-path", "/usr/lib/writeboost/bin/writeboost", "java.home", "/nowhere"), Map.of());

        assertThat(OwnProgram.command(installed)).containsExactly("/usr/lib/writeboost/bin/writeboost");
    }

    @Test
    void oneThatIsNotInstalledIsStartedByItsJava() {
        Environment unpacked =
                Environment.of(Map.of("java.home", "/opt/jdk", "java.class.path", "/x/writeboost.jar"), Map.of());

        assertThat(OwnProgram.command(unpacked))
                .startsWith("/opt/jdk/bin/java")
                .endsWith("-cp", "/x/writeboost.jar", "writeboost.app.Main");
    }
}
