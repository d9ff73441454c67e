package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    @Test
    void atFirstNothingIsKnown() {
        assertThat(history.points(Figure.COMING_IN, Span.MINUTE)).hasSize(60).containsOnly(Double.NaN);
    }

    @Test
    void theLastSecondsAreInTheShortSpansOneByOne() {
        history.add(Map.of(Figure.COMING_IN, 1.0));
        history.add(Map.of(Figure.COMING_IN, 2.0));

        assertThat(history.points(Figure.COMING_IN, Span.MINUTE)).endsWith(1.0, 2.0);
        assertThat(history.points(Figure.COMING_IN, Span.FIVE_MINUTES)).endsWith(1.0, 2.0);
        assertThat(history.points(Figure.MOVING_TO_DISK, Span.MINUTE)).containsOnly(Double.NaN);
    }

    @Test
    void longSpansHoldAverages() {
        for (int second = 0; second < Span.HOUR.secondsPerPoint(); second++) {
            history.add(Map.of(Figure.COMING_IN, second % 2 == 0 ? 10.0 : 20.0));
        }

        assertThat(history.points(Figure.COMING_IN, Span.HOUR)).endsWith(Double.NaN, 15.0);
    }

    @Test
    void aMinuteForgetsWhatIsOlder() {
        for (int second = 1; second <= 70; second++) {
            history.add(Map.of(Figure.COMING_IN, (double) second));
        }

        assertThat(history.points(Figure.COMING_IN, Span.MINUTE))
                .startsWith(11.0)
                .endsWith(70.0);
    }

    @Test
    void everySpanCoversWhatItsNameSays() {
        assertThat(Span.MINUTE.points() * Span.MINUTE.secondsPerPoint()).isEqualTo(60);
        assertThat(Span.FIVE_MINUTES.points() * Span.FIVE_MINUTES.secondsPerPoint())
                .isEqualTo(300);
        assertThat(Span.HOUR.points() * Span.HOUR.secondsPerPoint()).isEqualTo(3600);
        assertThat(Span.DAY.points() * Span.DAY.secondsPerPoint()).isEqualTo(86_400);
    }
}
