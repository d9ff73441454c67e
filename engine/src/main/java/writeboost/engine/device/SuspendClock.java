package writeboost.engine.device;

import org.jspecify.annotations.Nullable;

/** How long this machine has slept: of its two clocks since it was started, one goes on meanwhile. */
public final class SuspendClock {
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_BOOTTIME = 7;

    private SuspendClock() {}

    /** For how long the machine has been suspended since it was started, in nanoseconds; 0 where that can't be known. Any thread. */
    public static long suspendedNs() {
        return suspendedNs(LibC.load());
    }

    static long suspendedNs(@Nullable LibC kernel) {
        if (kernel == null) {
            return 0;
        }
        long awake = kernel.clockNs(CLOCK_MONOTONIC);
        long all = kernel.clockNs(CLOCK_BOOTTIME);
        return awake < 0 || all < 0 ? 0 : Math.max(0, all - awake);
    }
}
