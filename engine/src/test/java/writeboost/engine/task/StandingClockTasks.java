package writeboost.engine.task;

import java.util.concurrent.atomic.AtomicLong;

/** Other tasks' threads and locks, with a clock that stands unless somebody moves it. */
public abstract class StandingClockTasks extends ForwardingTasks {
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);

    protected StandingClockTasks(Tasks inner) {
        super(inner);
    }

    /** Lets time pass. */
    protected final void passNs(long ns) {
        nowNs.addAndGet(Math.max(0, ns));
    }

    @Override
    public final long nanoTime() {
        return nowNs.get();
    }

    @Override
    public final long wallTimeMs() {
        return nowNs.get() / 1_000_000;
    }
}
