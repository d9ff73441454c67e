package writeboost.engine.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.ThreadTasks;

/** Real threads and locks; the clock stands unless somebody sleeps or the test moves it, so back-offs take no time. */
final class QuickTasks extends ForwardingTasks {
    /** What tasks died of. */
    final List<Throwable> uncaught;

    /** Runs before a thread takes a lock. */
    volatile Runnable beforeLock = () -> {};

    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);

    QuickTasks() {
        this(new CopyOnWriteArrayList<>());
    }

    private QuickTasks(List<Throwable> uncaught) {
        super(new ThreadTasks((thread, problem) -> uncaught.add(problem)));
        this.uncaught = uncaught;
    }

    /** Lets time pass. */
    void advance(long ns) {
        nowNs.addAndGet(ns);
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
    public Monitor newMonitor(String name) {
        return new ForwardingMonitor(super.newMonitor(name)) {
            @Override
            public void lock() {
                beforeLock.run();
                super.lock();
            }
        };
    }

    @Override
    public void sleep(long durationNs) {
        nowNs.addAndGet(Math.max(0, durationNs));
    }
}
