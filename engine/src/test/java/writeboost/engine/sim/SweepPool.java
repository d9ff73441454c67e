package writeboost.engine.sim;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Works off the states of a sweep on a few threads; the first failure ends it. */
final class SweepPool implements AutoCloseable {
    /** States that may wait: each holds a copy of two disks. */
    private static final int MAX_WAITING = 16;

    private final ThreadPoolExecutor pool;
    private final AtomicLong done = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    SweepPool() {
        int threads = Integer.getInteger("sim.threads", 2);
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MAX_WAITING),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** One state. Runs on the calling thread when too many wait. */
    void submit(Runnable check) {
        pool.execute(() -> {
            if (failure.get() == null) {
                try {
                    check.run();
                    done.incrementAndGet();
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
            }
        });
    }

    /** Waits for all. Returns how many there were. */
    long await() throws InterruptedException {
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.HOURS);
        Throwable first = failure.get();
        if (first instanceof Error e) {
            throw e;
        } else if (first != null) {
            throw new SimFailure("a state of the sweep failed", first);
        }
        return done.get();
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
