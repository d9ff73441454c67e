package writeboost.engine.writeback;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads, and a clock that only the test moves. Who waits for a while looks again and again meanwhile. */
final class ManualTasks implements Tasks {
    private static final long LOOK_NS = 500_000;

    private final Tasks real = new ThreadTasks((thread, e) -> {});
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);
    private final AtomicLong looks = new AtomicLong();

    /** Lets time pass. */
    void pass(long milliseconds) {
        nowNs.addAndGet(milliseconds * 1_000_000);
    }

    /** How often somebody who waits for a while has looked. */
    long looks() {
        return looks.get();
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
    public Task start(String name, Runnable body) {
        return real.start(name, body);
    }

    @Override
    public void sleep(long durationNs) {
        real.sleep(Math.min(durationNs, LOOK_NS));
    }

    @Override
    public Monitor newMonitor(String name) {
        Monitor monitor = real.newMonitor(name);
        return new Monitor() {
            @Override
            public void lock() {
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
                return looking(monitor.newSignal(what));
            }
        };
    }

    private Monitor.Signal looking(Monitor.Signal signal) {
        return new Monitor.Signal() {
            @Override
            public void await() {
                signal.await();
            }

            @Override
            public void await(long timeoutNs) {
                looks.incrementAndGet();
                signal.await(Math.min(timeoutNs, LOOK_NS));
            }

            @Override
            public void raise() {
                signal.raise();
            }

            @Override
            public void raiseOne() {
                signal.raiseOne();
            }
        };
    }
}
