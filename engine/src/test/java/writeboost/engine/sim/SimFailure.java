package writeboost.engine.sim;

import org.jspecify.annotations.Nullable;

/** A run of the simulation that must not end this way. */
final class SimFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient Losses losses;

    /** If another failure is the cause, the losses are its. */
    SimFailure(String what, @Nullable Throwable cause) {
        super(what, cause);
        losses = cause instanceof SimFailure failure ? failure.losses() : Losses.NONE;
    }

    SimFailure(String what) {
        this(what, Losses.NONE);
    }

    SimFailure(String what, Losses losses) {
        super(what);
        this.losses = losses;
    }

    /** What was seen to be lost or made up. */
    Losses losses() {
        return losses;
    }
}
