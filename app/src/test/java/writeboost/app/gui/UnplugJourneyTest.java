package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** "Make safe to unplug" says yes only if it is so. */
class UnplugJourneyTest extends FakeWindowTest {
    @Test
    void backing6WithoutAClientTheDiskIsMadeSafe() {
        window.click("action-unplug");

        window.awaitText("banner-what", "usb is safe to unplug.");
        assertThat(window.text("banner-more"))
                .isEqualTo("Everything is on the disk, nobody uses it, and it is closed.");
        assertThat(fixture.client.serves("usb")).isFalse();
        assertThat(fixture.engine.calls()).containsSubsequence("flush usb", "stop usb");
        window.awaitText("sentence", said -> said.startsWith("Not serving."));
    }

    @Test
    void backing6WithAClientItIsNotSafeAndTheClientIsNamed() {
        fixture.engine.clients = 1;

        window.click("action-unplug");

        window.awaitText("banner-what", "usb is not safe to unplug yet: 1 connected program.");
        assertThat(window.text("banner-more")).contains("nbd+unix:///usb?socket=/run/test.sock");
        assertThat(fixture.client.serves("usb")).isTrue();
        assertThat(fixture.engine.calls()).doesNotContain("stop usb");
    }

    @Test
    void cancelledItIsNotSafeAndSaysSo() throws Exception {
        fixture.engine.flushNeverEnds = true;

        window.click("action-unplug");
        fixture.engine.flushBegan.await();
        window.click("action-cancel");

        window.awaitText("event", said -> said.contains("the disk is NOT safe to unplug"));
        assertThat(window.isSeen("banner")).isFalse();
        assertThat(fixture.client.serves("usb")).isTrue();
    }
}
