package writeboost.engine.sim;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a failing run smaller while it still fails. */
final class Shrinker {
    /** Runs that one search may take. */
    private static final int MAX_RUNS = 400;
    /** Orders of tasks that are tried for each. */
    private static final int SALTS = 4;

    private final Function<SimLimits, Simulation> simulation;
    private SimLimits least = SimLimits.NONE;
    private SimFailure failure;
    private int runs;

    /**
     * Begins with a failure.
     *
     * @param simulation makes the run that failed, within limits
     */
    Shrinker(Function<SimLimits, Simulation> simulation, SimFailure failure) {
        this.simulation = simulation;
        this.failure = failure;
    }

    /** Searches. Returns the failure of the smallest run that still fails. */
    SimFailure shrink() {
        boolean smaller = true;
        while (smaller && runs < MAX_RUNS) {
            smaller = false;
            for (SimLimits limits : least.smaller()) {
                SimFailure found = fails(limits);
                if (found != null) {
                    failure = found;
                    smaller = true;
                    break;
                }
            }
        }
        return failure;
    }

    private @Nullable SimFailure fails(SimLimits limits) {
        for (int salt = 0; salt < SALTS && runs < MAX_RUNS; salt++) {
            runs++;
            try {
                simulation.apply(limits.salted(salt)).run();
            } catch (SimFailure e) {
                least = limits.salted(salt);
                return e;
            }
        }
        return null;
    }

    /** The limits of the smallest run that still fails. */
    SimLimits limits() {
        return least;
    }

    int runs() {
        return runs;
    }
}
