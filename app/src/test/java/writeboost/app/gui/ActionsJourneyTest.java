package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a person has done to a pair, from the button to the last line. */
class ActionsJourneyTest extends FakeWindowTest {
    @Test
    void aFlushShowsHowFarItIsAndCanBeCancelled() throws Exception {
        fixture.engine.flushNeverEnds = true;

        window.click("action-flush");
        fixture.engine.flushBegan.await();
        window.awaitText("action-title", "Flush: moving everything to the disk");
        window.awaitText("action-far", far -> far.endsWith("%") || far.contains("done in"));
        assertThat(window.isSeen("event"))
                .as("the progress is in the place of the event")
                .isFalse();
        window.click("action-cancel");

        window.awaitText("event", "Flush cancelled. Nothing is lost; what was moved stays moved.");
        assertThat(window.isSeen("action-bar")).isFalse();
        assertThat(fixture.engine.calls()).contains("cancelled usb");
        assertThat(window.text("sentence")).contains("not yet on the disk");
    }

    @Test
    void aFlushThatEndsSaysSoAndNothingIsLeftToMove() {
        window.click("action-flush");

        window.awaitText("event", "Flushed: everything that waited is on the disk.");
        window.awaitText("sentence", "Serving. Everything is on the disk.");
    }

    @Test
    void dropCachesIsInTheMenuAndSaysWhatItDid() {
        window.choose("action-drop");

        window.awaitText("event", "Caches dropped: everything is on the disk, and the log is empty.");
        assertThat(fixture.engine.calls()).contains("drop usb");
    }

    @Test
    void syncSaysThatEverythingIsSafeOnTheSsdOnly() {
        window.choose("action-sync");

        window.awaitText("event", said -> said.startsWith("Synced: everything that programs were told is safe"));
        assertThat(window.text("sentence")).contains("not yet on the disk");
    }

    @Test
    void whatFailsIsABannerThatCanBeClosed() throws IOException {
        fixture.engine.stopFailure = new IOException("/dev/usb does not answer");

        window.choose("action-stop");

        window.awaitText("banner-what", "Serving did not end cleanly.");
        assertThat(window.text("banner-more")).startsWith("/dev/usb does not answer");
        window.click("banner-close");
        window.awaitUntil("the banner is closed", () -> !window.isSeen("banner"));
    }
}
