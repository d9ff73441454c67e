package writeboost.engine.device;

import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.ForwardingSignal;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.ThreadTasks;

/** For tests of one thread: time passes only by waiting, and at once. */
final class SteppedTasks extends ForwardingTasks {
    private long nowNs = 1_000_000_000_000L;

    SteppedTasks() {
        super(new ThreadTasks((thread, problem) -> {
            throw new AssertionError(problem);
        }));
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public long wallTimeMs() {
        return nowNs / 1_000_000;
    }

    @Override
    public void sleep(long durationNs) {
        nowNs += Math.max(0, durationNs);
    }

    @Override
    public Monitor newMonitor(String name) {
        return new ForwardingMonitor(super.newMonitor(name)) {
            @Override
            public Signal newSignal(String signal) {
                return new Stepping(super.newSignal(signal));
            }
        };
    }

    /** Waits by letting time pass. */
    private final class Stepping extends ForwardingSignal {
        Stepping(Monitor.Signal signal) {
            super(signal);
        }

        @Override
        public void await() {
            throw new IllegalStateException("nobody would raise it");
        }

        @Override
        public void await(long timeoutNs) {
            sleep(timeoutNs);
        }
    }
}
