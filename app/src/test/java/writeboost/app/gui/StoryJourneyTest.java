package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.config.Environment;
import writeboost.app.demo.Story;
import writeboost.app.gui.model.Action;
import writeboost.app.gui.model.Meaning;
import writeboost.engine.cache.SegmentMap;

/** The demo, a real engine on real files, with acts of two seconds. */
@Timeout(180)
class StoryJourneyTest {
    @TempDir
    private Path folder;

    private Path runtime;
    private Story story;
    private ShownWindow window;

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void open() throws IOException {
        runtime = Files.createTempDirectory("wb");
        Environment environment = Environment.of(
                Map.of(Environment.RUNTIME_DIR, runtime.toString(), "java.io.tmpdir", folder.toString()), Map.of());
        story = Story.prepare(environment, Duration.ofSeconds(2));
        window = ShownWindow.on(story);
        story.play(() -> window.window().actAndWait(Action.UNPLUG));
    }

    @AfterEach
    void close() throws IOException {
        window.close();
        story.close();
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void fiveActsEndWithAllBlueAndSafeToUnplug() throws IOException {
        caption("Writes gather in the log");
        window.awaitUntil("orange", () -> cells(Meaning.DIRTY) > 4);
        assertThat(cells(Meaning.FREE)).isGreaterThan(400);
        caption("The broom follows the pen");
        window.awaitUntil("blue", () -> cells(Meaning.CLEAN) > 4);
        caption("Reads come from the SSD");
        window.awaitText("reads", said -> said.matches("Reads: \\d+ % from the SSD"));
        caption("thin slices");
        caption("Flush");
        window.awaitText("banner-what", "demo is safe to unplug.");
        window.awaitText("caption", said -> said.startsWith("All blue"));

        assertThat(cells(Meaning.DIRTY)).isZero();
        assertThat(cells(Meaning.CLEAN)).isPositive();
        assertThat(story.service().serves("demo")).isFalse();
    }

    @Test
    void actsCanBeSkippedAndTheStoryBeginsAnew() {
        caption("Writes gather in the log");
        for (int act = 1; act <= 4; act++) {
            String before = window.text("caption");
            window.click("story-next");
            window.awaitText("caption", said -> !said.equals(before));
        }
        window.awaitText("caption", said -> said.startsWith("All blue"));

        window.click("story-next");

        caption("Writes gather in the log");
        window.awaitUntil("it is served again", () -> story.service().serves("demo"));
    }

    private void caption(String words) {
        window.awaitText("caption", said -> said.contains(words));
    }

    private long cells(Meaning meaning) {
        SegmentMap map = window.map().orElse(null);
        long count = 0;
        if (map != null) {
            for (byte cell : map.cells()) {
                count += Meaning.of(cell) == meaning ? 1 : 0;
            }
        }
        return count;
    }
}
