package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 MB/s",
        "999, 0 MB/s",
        "340000, 340 kB/s",
        "999600, 1.0 MB/s",
        "8500000, 8.5 MB/s",
        "9960000, 10 MB/s",
        "85000000, 85 MB/s"
    })
    void ratesAreShort(double bytesPerSecond, String text) {
        assertThat(Quantities.rate(bytesPerSecond)).isEqualTo(text);
    }

    @Test
    void onlyAllIsAHundredPercent() {
        assertThat(Quantities.percent(1)).isEqualTo("100 %");
        assertThat(Quantities.percent(0.9999)).isEqualTo("99 %");
        assertThat(Quantities.percent(0.92)).isEqualTo("92 %");
    }

    @Test
    void anActionTellsHowFarItIsAndWhenItEnds() {
        ActionViewModel half = ActionViewModel.of(Action.FLUSH, 50, 100, 30_000_000_000L, false);
        assertThat(half.text()).isEqualTo("50 %, done in 30 s");
        assertThat(half.share()).isEqualTo(0.5);
        assertThat(ActionViewModel.of(Action.FLUSH, 0, 0, 0, false).share()).isNegative();
        assertThat(ActionViewModel.of(Action.FLUSH, 50, 100, 0, true).text()).contains("as soon as it safely can");
        assertThat(ActionViewModel.of(Action.STOP, 0, 0, 0, false).cancellable())
                .isFalse();
    }
}
