package writeboost.engine.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads and locks; the clock stands unless somebody sleeps or the test moves it, so back-offs take no time. */
final class QuickTasks implements Tasks {
    /** What tasks died of. */
    final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

    /** Runs before a thread takes a lock. */
    volatile Runnable beforeLock = () -> {};

    private final Tasks real = new ThreadTasks((thread, problem) -> uncaught.add(problem));
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);

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
        Monitor monitor = real.newMonitor(name);
        return new Monitor() {
            @Override
            public void lock() {
                beforeLock.run();
                monitor.lock();
            }

            @Override
            public void unlock() {
                monitor.unlock();
            }

            @Override
            public boolean isHeld() {
                return monitor.isHeld();
            }

            @Override
            public Signal newSignal(String what) {
                return monitor.newSignal(what);
            }
        };
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
