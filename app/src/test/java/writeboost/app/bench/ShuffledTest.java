package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffledTest {
    private static int[] take(Shuffled shuffled, int count) {
        return IntStream.range(0, count).map(i -> shuffled.next()).toArray();
    }

    @Test
    void eachNumberComesOnceInARoundAndEveryRoundIsTheSame() {
        Shuffled shuffled = new Shuffled(1000, 1);
        int[] round = take(shuffled, 1000);
        assertThat(round).containsExactlyInAnyOrder(IntStream.range(0, 1000).toArray());
        assertThat(round).isNotEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(take(shuffled, 1000)).isEqualTo(round);
    }

    @Test
    void anotherSeedGivesAnotherOrder() {
        assertThat(take(new Shuffled(100, 1), 100))
                .isEqualTo(take(new Shuffled(100, 1), 100))
                .isNotEqualTo(take(new Shuffled(100, 2), 100));
    }
}
