package writeboost.engine.nbd;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Which of a connection's threads receives. The one that has the turn may pass it to a second one, do what waits for a device itself, send
 * the reply, and take the turn back: two threads less to be woken, one after the other, than if others did that for it.
 *
 * <p>Invariants: one thread at the most has the turn, at first the one that made this; what the receiving thread owns changes hands
 * with it; once it is over nobody gets it any more.
 */
final class ReceivingTurn {
    private final Tasks tasks;
    private final String secondName;
    private final Monitor monitor;
    private final Monitor.Signal changed;
    /** Written with the monitor. A thread that asks whether it has the turn knows that without. */
    private volatile @Nullable Thread holder = Thread.currentThread();

    private volatile boolean over;
    private boolean secondStarted; // belongs to the holder
    private @Nullable Throwable failure; // guarded by monitor

    /**
     * Makes one, whose turn is the calling thread's.
     *
     * @param secondName of the second thread, which is started when it is first needed
     */
    ReceivingTurn(Tasks tasks, String secondName) {
        this.tasks = tasks;
        this.secondName = secondName;
        monitor = tasks.newMonitor("nbd turn");
        changed = monitor.newSignal("turn passed");
    }

    /** Whether the calling thread has it. */
    boolean isMine() {
        return holder == Thread.currentThread();
    }

    /** Whether the connection is at its end, for this thread too. */
    boolean isOver() {
        return over;
    }

    /**
     * Sees to it that there is a thread to pass it to. For the holder.
     *
     * @param second what it does; it begins with {@link #take}
     * @return false if no thread is left for that
     */
    boolean hasSecond(Runnable second) {
        if (!secondStarted) {
            try {
                tasks.start(secondName, second);
                secondStarted = true;
            } catch (OutOfMemoryError e) {
                return false;
            }
        }
        return true;
    }

    /** Gives it up; the other thread gets it when it asks. For the holder. */
    void pass() {
        monitor.lock();
        holder = null;
        changed.raise();
        monitor.unlock();
    }

    /** Waits for it. Returns false if it is over. */
    boolean take() {
        monitor.lock();
        try {
            while (holder != null && !over) {
                changed.await();
            }
            if (!over) {
                holder = Thread.currentThread();
            }
            return !over;
        } finally {
            monitor.unlock();
        }
    }

    /** Ends it for both. */
    void end() {
        end(null);
    }

    /** As {@link #end()}, for a reason. */
    void end(@Nullable Throwable reason) {
        monitor.lock();
        if (!over) {
            over = true;
            failure = reason;
        }
        holder = null;
        changed.raise();
        monitor.unlock();
    }

    /**
     * Throws what it ended for on the second thread, if that was a failure.
     *
     * @throws IOException if the connection failed, or the client broke the protocol
     */
    void rethrow() throws IOException {
        Throwable reason;
        monitor.lock();
        reason = failure;
        monitor.unlock();
        if (reason instanceof IOException e) {
            throw e;
        }
        if (reason != null) {
            throw new IllegalStateException("the second thread of the connection has failed", reason);
        }
    }
}
