package writeboost.engine.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The figures of one suite of tests: lines {@code name: value (bar)} in {@code target/figures/NAME.txt}, which are printed at the
 * end of the test command. A bar that is missed fails the test that measures it, after the file is written.
 */
public final class Figures {
    /** Where they are kept, from the folder of the module. */
    static final Path FOLDER = Path.of("target", "figures");

    private final String suite;
    private final List<String> lines = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    /** {@code suite} names the file, and stands before each line. */
    public Figures(String suite) {
        this.suite = suite;
    }

    /** A figure that must not be less. */
    public Figures atLeast(String name, long value, long bar) {
        return add(name, value, value >= bar, "at least " + text(bar));
    }

    /** A figure that must not be more. */
    public Figures atMost(String name, long value, long bar) {
        return add(name, value, value <= bar, "at most " + text(bar));
    }

    /** A figure that must be so. */
    public Figures exactly(String name, long value, long bar) {
        return add(name, value, value == bar, text(bar));
    }

    /** A figure without a bar. */
    public Figures say(String name, String value) {
        lines.add(name + ": " + value);
        return this;
    }

    private Figures add(String name, long value, boolean good, String bar) {
        lines.add(name + ": " + text(value) + " (" + bar + ")");
        if (!good) {
            missed.add(name + " is " + text(value) + ", but has to be " + bar);
        }
        return this;
    }

    private static String text(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * Writes the file.
     *
     * @throws AssertionError if a bar was missed
     */
    public void write() {
        try {
            Files.createDirectories(FOLDER);
            Files.write(FOLDER.resolve(suite + ".txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!missed.isEmpty()) {
            throw new AssertionError(suite + ": " + String.join("; ", missed));
        }
    }

    /** All figures that were written, suite by suite. */
    static String summary() throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                text.append(
                        String.format("  %s%n", file.getFileName().toString().replace(".txt", "")));
                for (String line : Files.readAllLines(file)) {
                    text.append(String.format("    %s%n", line));
                }
            }
        }
        return text.toString();
    }
}
