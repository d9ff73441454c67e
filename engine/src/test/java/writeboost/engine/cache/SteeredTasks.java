package writeboost.engine.cache;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** Real tasks with clocks that a test sets forward. */
public final class SteeredTasks implements Tasks {
    private final Tasks tasks;
    private final AtomicLong aheadMs = new AtomicLong();
    private final AtomicLong suspendedMs = new AtomicLong();
    private final long frozenMs;

    public SteeredTasks(Tasks tasks) {
        this.tasks = tasks;
        frozenMs = tasks.wallTimeMs();
    }

    /** Lets time pass at once, on both clocks. The wall clock moves only so. */
    public void pass(long milliseconds) {
        aheadMs.addAndGet(milliseconds);
    }

    @Override
    public long nanoTime() {
        return tasks.nanoTime() + aheadMs.get() * 1_000_000;
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

    @Override
    public Monitor newMonitor(String name) {
        return tasks.newMonitor(name);
    }

    @Override
    public Task start(String name, Runnable body) {
        return tasks.start(name, body);
    }

    @Override
    public void sleep(long durationNs) {
        tasks.sleep(durationNs);
    }
}
