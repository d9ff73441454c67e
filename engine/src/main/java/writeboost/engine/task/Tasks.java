package writeboost.engine.task;

/**
 * Everything the engine takes from the machine it runs on, devices apart: time, tasks, locks. The packages
 * {@code device}, {@code log}, {@code cache} and {@code writeback} have no clock, thread or lock of their own; they are
 * handed one of these, so that the whole engine also runs in a simulation in which a seeded scheduler lets exactly one
 * task run at a time.
 *
 * <p>Any thread may call any method.
 */
public interface Tasks {
    /** Monotonic time in nanoseconds, from an arbitrary origin; for intervals and timeouts. */
    long nanoTime();

    /** Wall-clock time in milliseconds since 1970; for display only. */
    long wallTimeMs();

    /** For how long the machine has been suspended since it was started, in nanoseconds: {@link #nanoTime} stands still meanwhile. */
    default long suspendedNs() {
        return 0;
    }

    /**
     * A new lock.
     *
     * @param name what it guards, for dumps
     */
    Monitor newMonitor(String name);

    /**
     * Starts a task.
     *
     * @param name of the thread; by convention {@code wb-...}
     */
    Task start(String name, Runnable body);

    /** Waits. Only for pacing (retries, throttles); never to wait for something that a {@link Signal} can tell. */
    void sleep(long durationNs);

    /**
     * As {@link #sleep}, but on time, at the price of some processor time. For models of devices: a thread that sleeps wakes up late,
     * by a tenth of what a quick device takes for a flush.
     */
    default void sleepExactly(long durationNs) {
        sleep(durationNs);
    }

    /** A started task. */
    interface Task {
        /**
         * Waits for the task to end.
         *
         * @param timeoutNs how long at the most
         * @return whether it has ended
         */
        boolean join(long timeoutNs);
    }
}
