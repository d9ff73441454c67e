package writeboost.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void foldersAreWhereXdgSaysByDefault() {
        Environment environment = Environment.of(Map.of(), Map.of("HOME", "/home/ann"));

        assertThat(environment.configFolder()).isEqualTo(Path.of("/home/ann/.config/writeboost"));
        assertThat(environment.logFile()).isEqualTo(Path.of("/home/ann/.local/state/writeboost/writeboost.log"));
        assertThat(environment.runtimeFolder()).isEmpty();
    }

    @Test
    void xdgVariablesMoveThemUnlessTheyAreRelative() {
        Environment environment = Environment.of(
                Map.of(),
                Map.of(
                        "HOME", "/home/ann",
                        "XDG_CONFIG_HOME", "/c",
                        "XDG_STATE_HOME", "state",
                        "XDG_RUNTIME_DIR", "/run/user/7"));

        assertThat(environment.configFolder()).isEqualTo(Path.of("/c/writeboost"));
        assertThat(environment.stateFolder()).isEqualTo(Path.of("/home/ann/.local/state/writeboost"));
        assertThat(environment.runtimeFolder()).contains(Path.of("/run/user/7/writeboost"));
    }

    @Test
    void propertiesWinOverVariables() {
        Environment environment = Environment.of(
                Map.of(Environment.CONFIG_DIR, "/p", Environment.RUNTIME_DIR, "/r", Environment.LOG_TO, "stderr"),
                Map.of("XDG_CONFIG_HOME", "/c", "XDG_RUNTIME_DIR", "/run/user/7"));

        assertThat(environment.configFolder()).isEqualTo(Path.of("/p"));
        assertThat(environment.runtimeFolder()).contains(Path.of("/r"));
        assertThat(environment.logsToStderr()).isTrue();
    }

    @Test
    void theWidthOfTheTerminalIsSane() {
        assertThat(Environment.of(Map.of(), Map.of("COLUMNS", "120")).terminalColumns())
                .isEqualTo(120);
        assertThat(Environment.of(Map.of(), Map.of("COLUMNS", "3")).terminalColumns())
                .isEqualTo(40);
        assertThat(Environment.of(Map.of(), Map.of("COLUMNS", "wide")).terminalColumns())
                .isEqualTo(80);
    }
}
