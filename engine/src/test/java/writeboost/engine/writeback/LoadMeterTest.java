package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong busyNs = new AtomicLong();
    private final LoadMeter meter = new LoadMeter(busyNs::get, 5 * SECOND);

    @Test
    void anIdleDiskHasNoLoad() {
        assertThat(meter.percent(5 * SECOND)).isZero();
        assertThat(meter.percent(7 * SECOND)).isZero();
    }

    @Test
    void theLoadIsTheShareOfTheTimeThatWasBusy() {
        busyNs.set(SECOND / 4);
        assertThat(meter.percent(6 * SECOND)).isEqualTo(25);
        busyNs.addAndGet(SECOND);
        assertThat(meter.percent(8 * SECOND)).isEqualTo(50);
        assertThat(meter.percent(9 * SECOND)).isZero();
    }

    @Test
    void itIsMeasuredOverASecondAtLeast() {
        busyNs.set(SECOND / 2);
        assertThat(meter.percent(5 * SECOND + SECOND / 2))
                .as("too early to tell")
                .isZero();
        assertThat(meter.percent(6 * SECOND)).isEqualTo(50);
        busyNs.addAndGet(SECOND / 10);
        assertThat(meter.percent(6 * SECOND + SECOND / 10))
                .as("the last full second")
                .isEqualTo(50);
        assertThat(meter.percent(7 * SECOND)).isEqualTo(10);
    }

    @Test
    void aDiskThatWasBusyAllTheTimeHasFullLoad() {
        busyNs.set(10 * SECOND);
        assertThat(meter.percent(15 * SECOND)).isEqualTo(100);
    }
}
