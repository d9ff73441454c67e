package writeboost.engine.task;

/** A mutual-exclusion lock with any number of conditions. Not reentrant by contract: nobody locks it twice. */
public interface Monitor {
    /** Takes the lock, waiting for it if need be. */
    void lock();

    /** Gives the lock back. Only its holder may call. */
    void unlock();

    /** Whether the calling task holds the lock; for invariant checks. */
    boolean isHeld();

    /**
     * A new condition of this lock.
     *
     * @param name what is waited for, for dumps
     */
    Signal newSignal(String name);

    /** A condition of a {@link Monitor}. Its holder alone may call any method. */
    interface Signal {
        /** Gives the lock back, waits for {@link #raise}, takes the lock again. May wake early: wait in a loop. */
        void await();

        /**
         * As {@link #await()}, but no longer than {@code timeoutNs}.
         *
         * @param timeoutNs in nanoseconds; at or below 0 returns at once
         */
        void await(long timeoutNs);

        /** Wakes all that wait. */
        void raise();

        /** Wakes one of those that wait, if any does. */
        void raiseOne();
    }
}
