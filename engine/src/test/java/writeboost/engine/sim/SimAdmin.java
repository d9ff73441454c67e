package writeboost.engine.sim;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Whoever runs the pair: syncs, flushes, drops, and changes settings while clients work. */
final class SimAdmin {
    private static final int ACTS = 6;
    /** Null changes settings. */
    private static final @Nullable Phase[] ACTIONS = {Phase.SYNC, Phase.FLUSH, Phase.DROP, null, null};

    private final SimScheduler scheduler;
    private final Oracle oracle;
    private final CutPlan plan;
    private final SimFaults faults;
    private final Subject.Pair pair;
    private final SimRandom random;

    SimAdmin(
            SimScheduler scheduler,
            Oracle oracle,
            CutPlan plan,
            SimFaults faults,
            Subject.Pair pair,
            SimRandom random) {
        this.scheduler = scheduler;
        this.oracle = oracle;
        this.plan = plan;
        this.faults = faults;
        this.pair = pair;
        this.random = random;
    }

    /** The body of the task. */
    void run(BooleanSupplier enough) {
        for (int i = 0; i < ACTS && !enough.getAsBoolean(); i++) {
            scheduler.block("rest", "", 1 + random.below(random.oneOf(1_000_000, 10_000_000, 100_000_000)));
            int points = random.below(300);
            for (int p = 0; p < points && !enough.getAsBoolean(); p++) {
                scheduler.point("idle", "", 0, 0);
            }
            Phase wanted = actFor(plan.target());
            act(wanted != null && random.chance(0.7) ? wanted : ACTIONS[random.below(ACTIONS.length)]);
        }
    }

    /** What whoever runs the pair can do so that a phase comes; null if nothing. */
    static @Nullable Phase actFor(@Nullable Phase phase) {
        if (phase == Phase.BACKING_WRITE || phase == Phase.BACKING_SYNC) {
            return Phase.FLUSH;
        }
        return phase == Phase.SYNC || phase == Phase.FLUSH || phase == Phase.DROP ? phase : null;
    }

    private void act(@Nullable Phase phase) {
        if (phase == Phase.SYNC) {
            perform(Phase.SYNC, pair::sync);
        } else if (phase == Phase.FLUSH) {
            perform(Phase.FLUSH, pair::flush);
        } else if (phase == Phase.DROP) {
            perform(Phase.DROP, pair::drop);
        } else {
            pair.tweak(random);
        }
    }

    private interface Act {
        void run() throws IOException;
    }

    private void perform(Phase phase, Act act) {
        plan.enter(phase);
        long begunAt = oracle.flushBegin();
        try {
            act.run();
            oracle.flushed(begunAt, phase.label);
        } catch (IOException e) {
            if (!faults.happened()) {
                throw new SimFailure(phase.label + " failed: " + e, e);
            }
        }
        plan.leave(phase);
    }
}
