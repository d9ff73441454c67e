package writeboost.engine.task;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The real machine: platform threads, the system's clocks. With {@code SimTasks} of the tests the only place of the
 * engine that asks the system for time or threads.
 *
 * <p>Its threads are daemons: whoever starts an engine waits for its end by {@code stop}, and a program that ends without
 * doing so is the same to the engine as a crash, which it survives.
 */
public final class ThreadTasks implements Tasks {
    /** How late the kernel may wake a thread: its slack for timers, 50 us, and what an idle processor takes to come back. */
    private static final long LATE_NS = 150_000;

    private final Thread.UncaughtExceptionHandler onUncaught;
    private final LongSupplier suspendedNs;

    /**
     * Makes one.
     *
     * @param onUncaught told of a task that ended by an exception
     */
    public ThreadTasks(Thread.UncaughtExceptionHandler onUncaught) {
        this(onUncaught, () -> 0);
    }

    /**
     * Makes one that knows of suspends.
     *
     * @param suspendedNs tells {@link Tasks#suspendedNs}; called often, by any thread
     */
    public ThreadTasks(Thread.UncaughtExceptionHandler onUncaught, LongSupplier suspendedNs) {
        this.onUncaught = onUncaught;
        this.suspendedNs = suspendedNs;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long wallTimeMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long suspendedNs() {
        return suspendedNs.getAsLong();
    }

    @Override
    public Monitor newMonitor(String name) {
        return new LockMonitor();
    }

    @Override
    public Task start(String name, Runnable body) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } finally {
                        ended.countDown();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(onUncaught);
        thread.start();
        return timeoutNs -> awaitEnd(ended, timeoutNs);
    }

    @Override
    public void sleep(long durationNs) {
        long end = System.nanoTime() + durationNs;
        for (long left = durationNs; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void sleepExactly(long durationNs) {
        long end = System.nanoTime() + durationNs;
        sleep(durationNs - LATE_NS);
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static boolean awaitEnd(CountDownLatch ended, long timeoutNs) {
        boolean interrupted = false;
        long end = System.nanoTime() + timeoutNs;
        try {
            while (true) {
                try {
                    return ended.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
