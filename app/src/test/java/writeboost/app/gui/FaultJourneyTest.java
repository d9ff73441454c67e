package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import writeboost.app.gui.model.Maps;
import writeboost.engine.cache.PairState;

/** A fault is one banner: what happened, what it means for the data, the one thing to do. */
class FaultJourneyTest extends FakeWindowTest {
    @Test
    void aHaltedPairIsABannerAsLongAsItLasts() {
        fixture.engine.reason = "the disk is missing";
        fixture.engine.advice = "Plug the disk in: the pair goes on by itself.";
        fixture.engine.state = PairState.HALTED;

        window.awaitText("banner-what", "Stopped to protect your data. The disk is missing.");
        assertThat(window.text("banner-more"))
                .contains("What was made safe on the SSD is still there.")
                .contains("Plug the disk in: the pair goes on by itself.");
        assertThat(window.isSeen("banner-close"))
                .as("a fault cannot be waved away")
                .isFalse();

        fixture.engine.state = null;
        fixture.engine.reason = "";
        window.awaitUntil("the banner goes with the fault", () -> !window.isSeen("banner"));
    }

    @Test
    void whatKeepsAPairFromGoingOnIsABannerToo() {
        fixture.engine.reason = "The disk was unplugged; requests wait for it.";
        fixture.engine.advice = "Plug the disk in again.";

        window.awaitText("banner-what", "The disk was unplugged; requests wait for it.");
        assertThat(window.text("banner-more"))
                .contains("Nothing that was made safe is lost.")
                .contains("Plug the disk in again.");
    }

    @Test
    void anSsdThatRefusesWritesIsABannerThatSaysHowToGoOn() {
        fixture.engine.state = PairState.DEGRADED;

        window.awaitText("banner-what", said -> said.startsWith("The SSD refuses writes; reading only."));
        assertThat(window.text("banner-more")).contains("Stop the pair and start it again.");
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
