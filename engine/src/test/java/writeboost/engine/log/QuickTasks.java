package writeboost.engine.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.StandingClockTasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads and locks; the clock stands unless somebody sleeps or the test moves it, so back-offs take no time. */
final class QuickTasks extends StandingClockTasks {
    /** What tasks died of. */
    final List<Throwable> uncaught;

    /** Runs before a thread takes a lock. */
    volatile Runnable beforeLock = () -> {};

    QuickTasks() {
        this(new CopyOnWriteArrayList<>());
    }

    private QuickTasks(List<Throwable> uncaught) {
        super(new ThreadTasks((thread, problem) -> uncaught.add(problem)));
        this.uncaught = uncaught;
    }

    /** Lets time pass. */
    void advance(long ns) {
        passNs(ns);
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
        passNs(durationNs);
    }
}
