package writeboost.engine.device;

import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** For tests of one thread: time passes only by waiting, and at once. */
final class SteppedTasks implements Tasks {
    private final Tasks real = new ThreadTasks((thread, problem) -> {
        throw new AssertionError(problem);
    });
    private long nowNs = 1_000_000_000_000L;

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public long wallTimeMs() {
        return nowNs / 1_000_000;
    }

    @Override
    public Task start(String name, Runnable body) {
        return real.start(name, body);
    }

    @Override
    public void sleep(long durationNs) {
        nowNs += Math.max(0, durationNs);
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
            public Signal newSignal(String signal) {
                return new Stepping(monitor.newSignal(signal));
            }
        };
    }

    /** Waits by letting time pass. */
    private final class Stepping implements Monitor.Signal {
        private final Monitor.Signal signal;

        Stepping(Monitor.Signal signal) {
            this.signal = signal;
        }

        @Override
        public void await() {
            throw new IllegalStateException("nobody would raise it");
        }

        @Override
        public void await(long timeoutNs) {
            sleep(timeoutNs);
        }

        @Override
        public void raise() {
            signal.raise();
        }
    }
}
