package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Something done again and again at a steady rate, one at a time, and how long each takes. If one takes so long that the next is
 * overdue, the next one's time counts from when it was due: who comes to a busy counter waits, too.
 */
final class PacedOperations {
    /** A rate that is never reached: each begins when the one before has ended. */
    static final double UNPACED = Double.POSITIVE_INFINITY;

    private static final long LONGEST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Clock clock;

    /** What is done. */
    @FunctionalInterface
    interface Operation {
        void run() throws IOException;
    }

    /** Time, and waiting for it. */
    interface Clock {
        long nanoTime();

        void sleep(long durationNs);
    }

    /** The machine's. */
    static final Clock REAL = new Clock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long durationNs) {
            LockSupport.parkNanos(durationNs);
        }
    };

    PacedOperations(Clock clock) {
        this.clock = clock;
    }

    /** For latencies in nanoseconds, of up to a minute; longer ones count as that. */
    static Histogram histogram() {
        return new Histogram(LONGEST_NS, DIGITS);
    }

    /**
     * Runs.
     *
     * @param rate operations per second
     * @param forNs none begins after so long
     * @param latencies are added to
     * @return operations per second
     */
    double run(double rate, long forNs, Operation operation, Histogram latencies) throws IOException {
        double intervalNs = 1e9 / rate;
        long startNs = clock.nanoTime();
        long nowNs = startNs;
        long done = 0;
        long dueNs = startNs;
        while (Math.max(nowNs, dueNs) - startNs < forNs) {
            boolean overdue = intervalNs > 0 && nowNs > dueNs;
            long fromNs = overdue ? dueNs : sleepUntil(dueNs, nowNs);
            operation.run();
            nowNs = clock.nanoTime();
            latencies.recordValue(Math.min(LONGEST_NS, nowNs - fromNs));
            dueNs = startNs + Math.round(++done * intervalNs);
        }
        return done / ((nowNs - startNs) / 1e9);
    }

    /** Returns the time then. That a thread wakes up a little late is its own fault, not the server's. */
    private long sleepUntil(long dueNs, long nowNs) {
        long now = nowNs;
        while (now < dueNs) {
            clock.sleep(dueNs - now);
            now = clock.nanoTime();
        }
        return now;
    }
}
