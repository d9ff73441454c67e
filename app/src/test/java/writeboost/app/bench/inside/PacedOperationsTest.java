package writeboost.app.bench.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PacedOperationsTest {
    private static final long MS = 1_000_000;

    private final Histogram latencies = PacedOperations.histogram();
    private long nowNs = 1_000_000_000L;
    private long wakesLateNs;
    private int done;

    private final PacedOperations operations = new PacedOperations(new PacedOperations.Clock() {
        @Override
        public long nanoTime() {
            return nowNs;
        }

        @Override
        public void sleep(long durationNs) {
            nowNs += durationNs + wakesLateNs;
        }
    });

    /** Each takes 1 ms, but for the third, which takes so long. */
    private double run(double rate, long forMs, long thirdMs) throws IOException {
        return operations.run(rate, forMs * MS, () -> nowNs += (++done == 3 ? thirdMs : 1) * MS, latencies);
    }

    private long countAtLeast(long ms) {
        return latencies.getCountBetweenValues(ms * MS, latencies.getHighestTrackableValue());
    }

    @Test
    void operationsComeAtTheRate() throws IOException {
        double rate = run(100, 1000, 1);
        assertThat(done).isEqualTo(100);
        assertThat(rate).isBetween(99.0, 101.0);
        assertThat(latencies.getTotalCount()).isEqualTo(100);
        assertThat(countAtLeast(2)).isZero();
    }

    @Test
    void whoWasDueWhileOneTookLongHasWaited() throws IOException {
        run(100, 1000, 45); // due at 20, ends at 65; those of 30, 40, 50 and 60 end at 66, 67, 68 and 69
        assertThat(done).isEqualTo(100);
        assertThat(countAtLeast(45)).isEqualTo(1);
        assertThat(countAtLeast(36)).isEqualTo(2);
        assertThat(countAtLeast(27)).isEqualTo(3);
        assertThat(countAtLeast(18)).isEqualTo(4);
        assertThat(countAtLeast(9)).isEqualTo(5);
        assertThat(countAtLeast(2)).isEqualTo(5);
    }

    @Test
    void thatItsOwnThreadWakesUpLateDoesNotCount() throws IOException {
        wakesLateNs = MS / 2;
        run(100, 1000, 1);
        assertThat(countAtLeast(2)).isZero();
    }

    @Test
    void withoutAPaceEachBeginsWhenTheOneBeforeHasEnded() throws IOException {
        double rate = run(PacedOperations.UNPACED, 1000, 1);
        assertThat(done).isEqualTo(1000);
        assertThat(rate).isEqualTo(1000);
        assertThat(countAtLeast(2)).isZero();
    }
}
