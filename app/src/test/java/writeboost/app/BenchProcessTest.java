package writeboost.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bench as a process, which starts itself again as the server that it measures. */
@Timeout(180)
class BenchProcessTest {
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
    void aBenchMeasuresAndLeavesNothing() throws Exception {
        Path json = folder.resolve("result.json");

        Process process = bench("--rounds", "1", "--seconds", "1", "--json", json.toString());

        assertThat(processes.exitCode(process)).as(processes::said).isZero();
        assertThat(processes.said()).contains("left out: IOPS / nbdkit memory", "needs --peers", "0 of 0 bars met");
        assertThat(Files.readString(json)).contains("\"random-read-ram\"", "\"median\"");
        assertThat(left()).isEmpty();
    }

    @Test
    void anInterruptedBenchLeavesNothing() throws Exception {
        Process process = bench("--rounds", "9", "--seconds", "60");
        await().atMost(Duration.ofSeconds(120))
                .until(() -> process.descendants().findAny().isPresent());
        List<ProcessHandle> children = process.descendants().toList();

        process.destroy();

        assertThat(processes.exitCode(process)).as(processes::said).isEqualTo(1);
        assertThat(processes.said()).contains("Ended early");
        assertThat(left()).isEmpty();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    private Process bench(String... options) throws IOException {
        String[] words = Stream.concat(
                        Stream.of("bench", "--only", "random-read-ram", "--size", "512M"), Stream.of(options))
                .toArray(String[]::new);
        return processes.start(List.of(), words);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            return left.filter(file -> file.getFileName().toString().startsWith("wb-"))
                    .toList();
        }
    }
}
