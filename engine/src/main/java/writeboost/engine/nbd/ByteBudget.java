package writeboost.engine.nbd;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * What all connections together may hold in buffers beyond what each is granted. First come, first served: a large
 * request is not overtaken for ever by small ones. Any thread may call.
 */
final class ByteBudget {
    private final Tasks tasks;
    private final long limitBytes;
    private final Runnable whileWaiting;
    private final Monitor monitor;
    private final Monitor.Signal changed;
    // Guarded by monitor:
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private long usedBytes;

    /**
     * Makes one.
     *
     * @param limitBytes what may be out at a time; at least the largest amount that is ever asked for
     */
    ByteBudget(Tasks tasks, long limitBytes) {
        this(tasks, limitBytes, () -> {});
    }

    /**
     * Makes one.
     *
     * @param limitBytes what may be out at a time; at least the largest amount that is ever asked for
     * @param whileWaiting called by whoever waits, without a lock, every {@link Limits#STALL_CHECK_NS}; must not block
     */
    ByteBudget(Tasks tasks, long limitBytes, Runnable whileWaiting) {
        this.tasks = tasks;
        this.limitBytes = limitBytes;
        this.whileWaiting = whileWaiting;
        monitor = tasks.newMonitor("nbd byte budget");
        changed = monitor.newSignal("bytes given back");
    }

    /** Takes bytes if nobody has to wait for that; else does nothing and returns false. */
    boolean tryTake(long bytes) {
        monitor.lock();
        try {
            boolean free = waiting.isEmpty() && usedBytes + bytes <= limitBytes;
            usedBytes += free ? bytes : 0;
            return free;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Takes bytes, waiting until it is their turn.
     *
     * @param cancelled tells that the caller needs them no more; looked at whenever {@link #wake} is called
     * @return false if cancelled; nothing is taken then
     */
    boolean take(long bytes, BooleanSupplier cancelled) {
        Object turn = new Object();
        long lookedNs = tasks.nanoTime();
        monitor.lock();
        try {
            waiting.addLast(turn);
            while (!cancelled.getAsBoolean()) {
                if (waiting.peekFirst() == turn && usedBytes + bytes <= limitBytes) {
                    usedBytes += bytes;
                    return true;
                }
                changed.await(Limits.STALL_CHECK_NS);
                if (tasks.nanoTime() - lookedNs >= Limits.STALL_CHECK_NS) {
                    lookAround();
                    lookedNs = tasks.nanoTime();
                }
            }
            return false;
        } finally {
            waiting.remove(turn);
            changed.raise();
            monitor.unlock();
        }
    }

    private void lookAround() {
        monitor.unlock();
        try {
            whileWaiting.run();
        } finally {
            monitor.lock();
        }
    }

    void give(long bytes) {
        monitor.lock();
        try {
            usedBytes -= bytes;
            changed.raise();
        } finally {
            monitor.unlock();
        }
    }

    /** Has all that wait look whether they are cancelled. */
    void wake() {
        monitor.lock();
        try {
            changed.raise();
        } finally {
            monitor.unlock();
        }
    }

    long usedBytes() {
        monitor.lock();
        try {
            return usedBytes;
        } finally {
            monitor.unlock();
        }
    }
}
