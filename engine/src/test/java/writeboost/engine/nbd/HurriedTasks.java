package writeboost.engine.nbd;

import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** Real threads with a clock that runs a given number of times faster: waits of seconds pass in milliseconds. */
public final class HurriedTasks implements Tasks {
    private final Tasks real;
    private final long factor;

    public HurriedTasks(Tasks real, long factor) {
        this.real = real;
        this.factor = factor;
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() * factor;
    }

    @Override
    public long wallTimeMs() {
        return real.wallTimeMs();
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
                return hurried(monitor.newSignal(what));
            }
        };
    }

    @Override
    public Task start(String name, Runnable body) {
        return real.start(name, body);
    }

    @Override
    public void sleep(long durationNs) {
        real.sleep(durationNs / factor);
    }

    private Monitor.Signal hurried(Monitor.Signal signal) {
        return new Monitor.Signal() {
            @Override
            public void await() {
                signal.await();
            }

            @Override
            public void await(long timeoutNs) {
                signal.await(timeoutNs / factor + 1);
            }

            @Override
            public void raise() {
                signal.raise();
            }
        };
    }
}
