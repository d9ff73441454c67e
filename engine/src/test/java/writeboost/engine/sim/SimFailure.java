package writeboost.engine.sim;

import org.jspecify.annotations.Nullable;

/** A run of the simulation that must not end this way. */
final class SimFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    SimFailure(String what, @Nullable Throwable cause) {
        super(what, cause);
    }

    SimFailure(String what) {
        super(what);
    }
}
