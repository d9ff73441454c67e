package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.cache.PairState;

/** Small windows lose the chart first, then labels; the tape never. */
class FoldingTest extends FakeWindowTest {
    @ParameterizedTest
    @CsvSource({"900, 600", "1100, 700", "1240, 780"})
    void theTapeHasHalfOfTheHeightAlsoUnderABanner(double width, double height) {
        window.resize(width, height);
        assertThat(tapeHeight()).isGreaterThanOrEqualTo(height / 2);

        fixture.engine.state = PairState.HALTED;
        window.awaitUntil("the banner is there", () -> window.isSeen("banner"));

        window.awaitUntil("the tape has its half", () -> tapeHeight() >= height / 2);
    }

    @Test
    void aSmallWindowLosesTheChartAndALargerOneHasIt() {
        window.resize(900, 600);
        assertThat(window.isSeen("chart")).isFalse();
        assertThat(window.isSeen("figure-not-on-disk")).isTrue();

        window.resize(1100, 700);
        assertThat(window.isSeen("chart")).isTrue();
    }

    private double tapeHeight() {
        return ShownWindow.onFx(() -> {
            window.window().stage().getScene().getRoot().layout();
            return window.node("tape").getLayoutBounds().getHeight();
        });
    }
}
