package writeboost.app.gui;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.control.Failures;

/**
 * Where the window was and how it looked, for the next time: {@code window.properties} in the config folder. What is missing
 * or makes no sense there has its default.
 */
record Place(double x, double y, double width, double height, boolean maximized, Look.Choice look, String pair) {
    static final double WIDTH_MIN = 900;
    static final double HEIGHT_MIN = 600;
    static final Place DEFAULT = new Place(Double.NaN, Double.NaN, 1100, 700, false, Look.Choice.SYSTEM, "");

    private static final Logger LOG = LoggerFactory.getLogger(Place.class);
    private static final double MAX = 100_000;

    static Place load(Path folder) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("window.properties"))) {
            read.load(reader);
        } catch (NoSuchFileException e) {
            return DEFAULT;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the window's place is not known: {}", Failures.sentence(e));
        }
        return new Place(
                number(read, "x", -MAX, DEFAULT.x),
                number(read, "y", -MAX, DEFAULT.y),
                number(read, "width", WIDTH_MIN, DEFAULT.width),
                number(read, "height", HEIGHT_MIN, DEFAULT.height),
                Boolean.parseBoolean(read.getProperty("maximized", "false")),
                look(read.getProperty("look", "")),
                read.getProperty("pair", ""));
    }

    private static double number(Properties read, String key, double min, double otherwise) {
        try {
            double value = Double.parseDouble(read.getProperty(key, ""));
            return value >= min && value <= MAX ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Look.Choice look(String name) {
        for (Look.Choice each : Look.Choice.values()) {
            if (each.name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        return DEFAULT.look;
    }

    Place withPair(String name) {
        return new Place(x, y, width, height, maximized, look, name);
    }

    void save(Path folder) {
        Properties written = new Properties();
        written.setProperty("x", Double.toString(x));
        written.setProperty("y", Double.toString(y));
        written.setProperty("width", Double.toString(width));
        written.setProperty("height", Double.toString(height));
        written.setProperty("maximized", Boolean.toString(maximized));
        written.setProperty("look", look.name().toLowerCase(Locale.ROOT));
        written.setProperty("pair", pair);
        try {
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "window", ".tmp");
            try (Writer writer = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
                written.store(writer, null);
            }
            Files.move(
                    fresh,
                    folder.resolve("window.properties"),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("the window's place was not saved: {}", Failures.sentence(e));
        }
    }
}
