package writeboost.engine.device;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads and locks, but time stands still unless somebody sleeps: then it has passed at once. */
final class VirtualTasks implements Tasks {
    private final Tasks real = new ThreadTasks((thread, problem) -> {
        throw new AssertionError(problem);
    });
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);

    @Override
    public long nanoTime() {
        return nowNs.get();
    }

    @Override
    public long wallTimeMs() {
        return nowNs.get() / 1_000_000;
    }

    @Override
    public Monitor newMonitor(String name) {
        return real.newMonitor(name);
    }

    @Override
    public Task start(String name, Runnable body) {
        return real.start(name, body);
    }

    @Override
    public void sleep(long durationNs) {
        nowNs.addAndGet(Math.max(0, durationNs));
    }
}
