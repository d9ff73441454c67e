package writeboost.engine.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much the engine is tested by, in lines of code: without comments, imports and empty lines. Tests of the app do not count. */
class LinesOfTestsTest {
    @Test
    void theEngineHasAtLeastTwiceAsManyLinesOfTestsAsOfItsOwn() throws IOException {
        long engine = lines(Path.of("src", "main"), ".java");
        long tests = lines(Path.of("src", "test"), ".java");
        long clients = lines(Path.of("src", "test"), ".py") + lines(Path.of("..", "interop"), ".py");
        new Figures("lines")
                .say("of the engine", String.valueOf(engine))
                .say("of its tests in Java", String.valueOf(tests))
                .say("of real clients and crashes, in Python", String.valueOf(clients))
                .atLeast("of tests for 100 of the engine", 100 * (tests + clients) / engine, 200)
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
