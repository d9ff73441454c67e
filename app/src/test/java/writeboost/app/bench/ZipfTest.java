package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZipfTest {
    private static final int DRAWS = 200_000;

    private static long[] counts(int numbers, double exponent, long seed) {
        Zipf zipf = new Zipf(numbers, exponent, new SplittableRandom(seed));
        long[] counts = new long[numbers];
        for (int i = 0; i < DRAWS; i++) {
            counts[zipf.next()]++;
        }
        return counts;
    }

    @Test
    void theKthMostFrequentComesKToTheExponentTimesLessOften() {
        long[] counts = counts(1000, 1.1, 1);
        Arrays.sort(counts);
        double first = counts[999];
        assertThat(first / counts[998]).isBetween(Math.pow(2, 1.1) * 0.95, Math.pow(2, 1.1) * 1.05);
        assertThat(first / counts[990]).isBetween(Math.pow(10, 1.1) * 0.9, Math.pow(10, 1.1) * 1.1);
    }

    @Test
    void everyNumberCanComeAlsoBelowALimitThatIsNoPowerOfTwo() {
        assertThat(counts(37, 0.5, 2)).doesNotContain(0);
    }

    @Test
    void theSameSeedDrawsTheSame() {
        assertThat(counts(100, 1.1, 3)).isEqualTo(counts(100, 1.1, 3)).isNotEqualTo(counts(100, 1.1, 4));
    }

    @Test
    void whatComesOftenLiesApart() {
        long[] counts = counts(1 << 16, 1.1, 5);
        int most = 0;
        for (int i = 0; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        long around = 0;
        for (int i = Math.max(0, most - 16); i <= Math.min(counts.length - 1, most + 16); i++) {
            around += i == most ? 0 : counts[i];
        }
        assertThat(around).isLessThan(counts[most] / 4);
    }
}
