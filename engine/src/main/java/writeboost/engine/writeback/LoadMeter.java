package writeboost.engine.writeback;

import java.util.function.LongSupplier;

/** How busy clients keep the backing device: the share of the time, over about the last second. With the lock. */
final class LoadMeter {
    private static final long WINDOW_NS = 1_000_000_000;

    private final LongSupplier busyNs;
    private long sampledAtNs;
    private long sampledBusyNs;
    private double load;

    /**
     * Makes one.
     *
     * @param busyNs time for which clients have kept the device busy since the beginning
     */
    LoadMeter(LongSupplier busyNs, long nowNs) {
        this.busyNs = busyNs;
        sampledAtNs = nowNs;
    }

    /** The load in percent. */
    double percent(long nowNs) {
        long elapsed = nowNs - sampledAtNs;
        if (elapsed >= WINDOW_NS) {
            long busy = busyNs.getAsLong();
            load = 100.0 * (busy - sampledBusyNs) / elapsed;
            sampledAtNs = nowNs;
            sampledBusyNs = busy;
        }
        return load;
    }
}
