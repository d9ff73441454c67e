package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarTest {
    @Test
    void theBarItselfReachesIt() {
        assertThat(Bar.atLeast(1).isMetBy(1)).isTrue();
        assertThat(Bar.atLeast(1).isMetBy(0.999)).isFalse();
        assertThat(Bar.atMost(3).isMetBy(3)).isTrue();
        assertThat(Bar.atMost(3).isMetBy(3.001)).isFalse();
    }

    @Test
    void whereThereIsNoneEverythingIsWellAndNothingIsJudged() {
        assertThat(Bar.NONE.isMetBy(-1)).isTrue();
        assertThat(Bar.NONE.exists()).isFalse();
        assertThat(Numbers.verdict(Figure.plain("x", "s", Samples.of(1), Bar.NONE)))
                .isEmpty();
    }

    @Test
    void itIsWrittenWithAsManyDigitsAsItHas() {
        assertThat(Bar.atLeast(1)).hasToString(">= 1.0");
        assertThat(Bar.atLeast(0.95)).hasToString(">= 0.95");
        assertThat(Bar.atMost(50)).hasToString("<= 50");
        assertThat(Bar.atMost(2.05)).hasToString("<= 2.05");
        assertThat(Bar.NONE).hasToString("report");
    }

    @Test
    void theDistanceToABarIsHowManyTimesBetterAValueIs() {
        assertThat(Plots.score(Bar.atLeast(2), 4)).isEqualTo(2);
        assertThat(Plots.score(Bar.atMost(2), 4)).isEqualTo(0.5);
        assertThat(Plots.score(Bar.atMost(0), 0)).isEqualTo(1);
        assertThat(Plots.score(Bar.atMost(2), 0)).isGreaterThan(1);
    }
}
