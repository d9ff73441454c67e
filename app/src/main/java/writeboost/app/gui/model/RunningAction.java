package writeboost.app.gui.model;

import java.util.function.LongSupplier;
import writeboost.app.control.Cancellation;
import writeboost.engine.cache.Progress;

/** An action on its way: one thread carries it out, others look at how far it is and may cancel it. */
final class RunningAction implements Progress {
    private final Action action;
    private final LongSupplier nanoTime;
    private final long startNs;
    private final Cancellation cancellation = new Cancellation();
    private volatile long done;
    private volatile long total;

    RunningAction(Action action, LongSupplier nanoTime) {
        this.action = action;
        this.nanoTime = nanoTime;
        this.startNs = nanoTime.getAsLong();
    }

    @Override
    public boolean update(long newDone, long newTotal) {
        done = newDone;
        total = newTotal;
        return !cancellation.isRequested();
    }

    Action action() {
        return action;
    }

    void cancel() {
        cancellation.request();
    }

    ActionViewModel view() {
        return ActionViewModel.of(action, done, total, nanoTime.getAsLong() - startNs, cancellation.isRequested());
    }
}
