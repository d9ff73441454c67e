package writeboost.engine.cache;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;

/** Real tasks with clocks that a test sets forward. */
public final class SteeredTasks extends ForwardingTasks {
    private final AtomicLong aheadMs = new AtomicLong();
    private final AtomicLong suspendedMs = new AtomicLong();
    private final long frozenMs;

    public SteeredTasks(Tasks tasks) {
        super(tasks);
        frozenMs = tasks.wallTimeMs();
    }

    /** Lets time pass at once, on both clocks. The wall clock moves only so. */
    public void pass(long milliseconds) {
        aheadMs.addAndGet(milliseconds);
    }

    @Override
    public long nanoTime() {
        return super.nanoTime() + aheadMs.get() * 1_000_000;
    }

    /** The machine sleeps: only the wall clock goes on. */
    public void suspend(long milliseconds) {
        suspendedMs.addAndGet(milliseconds);
    }

    @Override
    public long suspendedNs() {
        return suspendedMs.get() * 1_000_000;
    }

    @Override
    public long wallTimeMs() {
        return frozenMs + aheadMs.get() + suspendedMs.get();
    }
}
