package writeboost.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The window as a process of the machine: no display, signals, a second start. Its screen is in memory. */
@Timeout(180)
class WindowProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> SCREEN_IN_MEMORY =
            List.of("-Dglass.platform=Monocle", "-Dmonocle.platform=Headless", "-Dprism.order=sw");

    @TempDir
    private Path folder;

    private ProgramProcesses processes;

    @BeforeEach
    void setUp() throws IOException {
        processes = new ProgramProcesses(folder);
    }

    @AfterEach
    void tearDown() throws IOException {
        processes.close();
    }

    @Test
    void withoutADisplayItSaysWhatToDoInstead() throws Exception {
        Process process = start(List.of(), "demo");

        assertThat(exitCode(process)).isEqualTo(1);
        assertThat(said()).contains("There is no display").contains("writeboost demo --headless");
    }

    @Test
    void sigtermEndsTheWindowAndTheDemoLeavesNothing() throws Exception {
        Process process = start(SCREEN_IN_MEMORY, "demo");
        awaitPicture();

        process.destroy();

        assertThat(exitCode(process)).as(this::said).isZero();
        processes.assertNoDemoIsLeft();
        assertThat(processes.runtime().resolve("demo.sock")).doesNotExist();
        assertThat(processes.runtime().resolve(".window")).doesNotExist();
    }

    @Test
    void aSecondStartShowsTheWindowThatIsOpenAndEnds() throws Exception {
        Process first = start(SCREEN_IN_MEMORY, "demo");
        awaitPicture();

        Process second = start(SCREEN_IN_MEMORY, "demo");

        assertThat(exitCode(second)).as(this::said).isZero();
        assertThat(first.isAlive()).isTrue();
        first.destroy();
        assertThat(exitCode(first)).as(this::said).isZero();
    }

    private void awaitPicture() {
        await().atMost(PATIENCE).until(() -> log().contains("the picture lives"));
    }

    private String log() throws IOException {
        Path log = folder.resolve("state").resolve("writeboost.log");
        return Files.exists(log) ? Files.readString(log, UTF_8) : "";
    }

    private int exitCode(Process process) throws InterruptedException {
        return processes.exitCode(process);
    }

    private Process start(List<String> options, String... arguments) throws IOException {
        return processes.start(options, arguments);
    }

    private String said() {
        return processes.said();
    }
}
