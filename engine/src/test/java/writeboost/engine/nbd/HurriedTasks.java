package writeboost.engine.nbd;

import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.ForwardingSignal;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** Real threads with a clock that runs a given number of times faster: waits of seconds pass in milliseconds. */
public final class HurriedTasks extends ForwardingTasks {
    private final long factor;

    public HurriedTasks(Tasks real, long factor) {
        super(real);
        this.factor = factor;
    }

    @Override
    public long nanoTime() {
        return super.nanoTime() * factor;
    }

    @Override
    public void sleep(long durationNs) {
        super.sleep(durationNs / factor);
    }

    @Override
    public Monitor newMonitor(String name) {
        return new ForwardingMonitor(super.newMonitor(name)) {
            @Override
            public Signal newSignal(String what) {
                return hurried(super.newSignal(what));
            }
        };
    }

    private Monitor.Signal hurried(Monitor.Signal signal) {
        return new ForwardingSignal(signal) {
            @Override
            public void await(long timeoutNs) {
                super.await(timeoutNs / factor + 1);
            }
        };
    }
}
