package writeboost.app.control;

import writeboost.engine.cache.Progress;

/** A wish that an operation end, from any thread. */
public final class Cancellation {
    private volatile boolean requested;

    /** Wishes it. */
    public void request() {
        requested = true;
    }

    /** Whether it was wished. */
    public boolean isRequested() {
        return requested;
    }

    /** A progress that passes on to another and carries this wish. */
    public Progress over(Progress progress) {
        return (done, total) -> progress.update(done, total) && !requested;
    }
}
