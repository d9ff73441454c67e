package writeboost.engine.nbd;

import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;

/** Real threads with a clock that a test puts forward. Waits that have begun take as long as they would. */
final class SkippingTasks extends ForwardingTasks {
    private final AtomicLong skippedNs = new AtomicLong();

    SkippingTasks(Tasks real) {
        super(real);
    }

    /** Puts the clock forward. */
    void skip(long ns) {
        skippedNs.addAndGet(ns);
    }

    @Override
    public long nanoTime() {
        return super.nanoTime() + skippedNs.get();
    }
}
