package writeboost.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

    private Path runtime;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void setUp() throws IOException {
        runtime = Files.createTempDirectory("wb"); // paths of sockets are short, those of test folders are not
        Files.createDirectories(folder.resolve("tmp"));
    }

    @AfterEach
    void tearDown() throws IOException {
        started.forEach(Process::destroyForcibly);
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
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
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("writeboost-")))
                    .isEmpty();
        }
        assertThat(runtime.resolve("demo.sock")).doesNotExist();
        assertThat(runtime.resolve(".window")).doesNotExist();
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
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(this::said).isTrue();
        return process.exitValue();
    }

    private Process start(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-Dwriteboost.config.dir=" + folder.resolve("config"),
                "-Dwriteboost.state.dir=" + folder.resolve("state"),
                "-Dwriteboost.runtime.dir=" + runtime));
        command.addAll(options);
        command.add(Main.class.getName());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()));
        builder.environment().remove("DISPLAY");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("said"), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
