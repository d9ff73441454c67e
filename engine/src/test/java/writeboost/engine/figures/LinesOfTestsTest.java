package writeboost.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much the engine is tested by, in lines of code: without comments, imports and empty lines. */
class LinesOfTestsTest {
    @Test
    void theEngineHasMoreLinesOfTestsThanOfItsOwn() throws IOException {
        long engine = lines(Path.of("src", "main"), ".java");
        long tests = lines(Path.of("src", "test"), ".java");
        long clients = lines(Path.of("src", "test"), ".py") + lines(Path.of("..", "interop"), ".py");
        assertThat(tests).isGreaterThan(engine);
        new Figures("lines")
                .say("of the engine", String.valueOf(engine))
                .say("of its tests in Java", String.valueOf(tests))
                .say("of real clients and crashes, in Python", String.valueOf(clients))
                .say(
                        "of tests for each of the engine",
                        String.format(Locale.ROOT, "%.2f", (double) (tests + clients) / engine))
                .write();
    }

    private static long lines(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .mapToLong(LinesOfTestsTest::linesOfCode)
                    .sum();
        }
    }

    private static long linesOfCode(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.matches("(//|/?\\*|#|import |package ).*"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
