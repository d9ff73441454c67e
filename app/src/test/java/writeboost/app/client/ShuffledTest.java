package writeboost.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffledTest {
    private static final int[] IN_ORDER = IntStream.range(0, 1000).toArray();

    private static int[] take(Shuffled shuffled, int count) {
        return IntStream.range(0, count).map(i -> shuffled.next()).toArray();
    }

    @Test
    void eachNumberComesOnceInARoundAndEveryRoundHasAnotherOrder() {
        Shuffled shuffled = new Shuffled(1000, 1);
        int[] first = take(shuffled, 1000);
        int[] second = take(shuffled, 1000);

        assertThat(first).containsExactlyInAnyOrder(IN_ORDER).isNotEqualTo(IN_ORDER);
        assertThat(second).containsExactlyInAnyOrder(IN_ORDER).isNotEqualTo(IN_ORDER);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void theSameSeedGivesTheSameOrdersAndAnotherOthers() {
        assertThat(take(new Shuffled(100, 1), 300))
                .isEqualTo(take(new Shuffled(100, 1), 300))
                .isNotEqualTo(take(new Shuffled(100, 2), 300));
    }
}
