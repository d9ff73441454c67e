package writeboost.engine.writeback;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.ForwardingSignal;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.StandingClockTasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads, and a clock that only the test moves. Who waits for a while looks again and again meanwhile. */
final class ManualTasks extends StandingClockTasks {
    private static final long LOOK_NS = 500_000;

    private final AtomicLong looks = new AtomicLong();

    ManualTasks() {
        super(new ThreadTasks((thread, e) -> {}));
    }

    /** Lets time pass. */
    void pass(long milliseconds) {
        passNs(milliseconds * 1_000_000);
    }

    /** How often somebody who waits for a while has looked. */
    long looks() {
        return looks.get();
    }

    @Override
    public void sleep(long durationNs) {
        super.sleep(Math.min(durationNs, LOOK_NS));
    }

    @Override
    public Monitor newMonitor(String name) {
        return new ForwardingMonitor(super.newMonitor(name)) {
            @Override
            public Signal newSignal(String what) {
                return looking(super.newSignal(what));
            }
        };
    }

    private Monitor.Signal looking(Monitor.Signal signal) {
        return new ForwardingSignal(signal) {
            @Override
            public void await(long timeoutNs) {
                looks.incrementAndGet();
                super.await(Math.min(timeoutNs, LOOK_NS));
            }
        };
    }
}
