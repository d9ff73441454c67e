package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import writeboost.app.gui.model.Maps;
import writeboost.engine.cache.PairState;

/** A fault is one banner: what happened, what it means for the data, the one thing to do. */
class FaultJourneyTest extends FakeWindowTest {
    @Test
    void aHaltedPairIsABannerAsLongAsItLasts() {
        fixture.engine.reason = "The disk is missing.";
        fixture.engine.state = PairState.HALTED;

        window.awaitText("banner-what", "Stopped to protect your data. The disk is missing.");
        assertThat(window.text("banner-more"))
                .contains("What was made safe on the SSD is still there.")
                .contains("Stop serving, see to the disk and the SSD, then start again.");
        assertThat(window.isSeen("banner-close"))
                .as("a fault cannot be waved away")
                .isFalse();

        fixture.engine.state = null;
        window.awaitUntil("the banner goes with the fault", () -> !window.isSeen("banner"));
    }

    @Test
    void anSsdThatRefusesWritesIsABannerThatAsksForAFlush() {
        fixture.engine.state = PairState.DEGRADED;

        window.awaitText("banner-what", said -> said.startsWith("The SSD refuses writes; reading only."));
        assertThat(window.text("banner-more")).contains("Flush now");
    }

    @Test
    void damageIsABannerACellAndAWordOfTheLegend() {
        fixture.engine.damaged = 3;
        fixture.engine.map = Maps.of("cccxccccDDDDDDDD                ");

        window.awaitText("banner-what", "3 blocks in the cache are damaged.");
        window.awaitText("meaning-damaged", "12 KiB damaged");
        window.awaitUntil(
                "the cell is shown",
                () -> window.map().filter(map -> map.cells()[3] == Maps.DAMAGED).isPresent());
    }
}
