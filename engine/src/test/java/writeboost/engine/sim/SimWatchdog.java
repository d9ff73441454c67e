package writeboost.engine.sim;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Looks at a run from outside, and gives up on it when nothing moves. */
final class SimWatchdog implements AutoCloseable {
    private static final long PERIOD_NS = 2_000_000_000L;
    /** A task that computes or blocks outside the simulation for so long hangs. */
    private static final long HANG_NS = 60_000_000_000L;

    private volatile boolean closed;
    private final Thread thread;

    SimWatchdog(LongSupplier steps, Runnable giveUp) {
        thread = new Thread(() -> watch(steps, giveUp), "sim-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(LongSupplier steps, Runnable giveUp) {
        long last = -1;
        long lastChange = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(PERIOD_NS);
            long now = System.nanoTime();
            if (steps.getAsLong() != last) {
                last = steps.getAsLong();
                lastChange = now;
            } else if (now - lastChange > HANG_NS) {
                giveUp.run();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
