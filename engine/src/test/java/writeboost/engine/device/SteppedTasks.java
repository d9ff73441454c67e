package writeboost.engine.device;

import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.ForwardingSignal;
import writeboost.engine.task.Monitor;

/** For tests of one thread: time passes only by waiting, and at once. */
final class SteppedTasks extends VirtualTasks {
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
