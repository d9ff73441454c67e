package writeboost.engine.device;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads and locks, but time stands still unless somebody sleeps: then it has passed at once. */
class VirtualTasks extends ForwardingTasks {
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);

    VirtualTasks() {
        super(new ThreadTasks((thread, problem) -> {
            throw new AssertionError(problem);
        }));
    }

    @Override
    public long nanoTime() {
        return nowNs.get();
    }

    @Override
    public long wallTimeMs() {
        return nowNs.get() / 1_000_000;
    }

    @Override
    public void sleep(long durationNs) {
        nowNs.addAndGet(Math.max(0, durationNs));
    }
}
