package writeboost.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the program as processes that have all their files in a folder of the test's, and no display. */
final class ProgramProcesses implements AutoCloseable {
    private final Path folder;
    private final Path runtime;
    private final List<Process> started = new ArrayList<>();

    ProgramProcesses(Path folder) throws IOException {
        this.folder = folder;
        runtime = Files.createTempDirectory("wb"); // paths of sockets are short, those of test folders are not
        Files.createDirectories(folder.resolve("tmp"));
    }

    /** Where sockets are. */
    Path runtime() {
        return runtime;
    }

    /** Starts the program under options of Java. */
    Process start(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-Djavafx.cachedir=" + folder.resolve("javafx"),
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

    /** Waits for the end of a process. */
    int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("ends in time; said: %s", said())
                .isTrue();
        return process.exitValue();
    }

    /** All that was printed since {@link #forget}. */
    String said() {
        try {
            return Files.readString(folder.resolve("said"), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Begins what is printed anew. */
    void forget() throws IOException {
        Files.deleteIfExists(folder.resolve("said"));
    }

    /** Checks that no demo has left its files. */
    void assertNoDemoIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("writeboost-")))
                    .isEmpty();
        }
    }

    @Override
    public void close() throws IOException {
        started.forEach(Process::destroyForcibly);
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
