package writeboost.engine.nbd;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** Real threads with a clock that a test puts forward. Waits that have begun take as long as they would. */
final class SkippingTasks implements Tasks {
    private final Tasks real;
    private final AtomicLong skippedNs = new AtomicLong();

    SkippingTasks(Tasks real) {
        this.real = real;
    }

    /** Puts the clock forward. */
    void skip(long ns) {
        skippedNs.addAndGet(ns);
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() + skippedNs.get();
    }

    @Override
    public long wallTimeMs() {
        return real.wallTimeMs();
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
        real.sleep(durationNs);
    }
}
