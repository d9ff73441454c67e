package writeboost.engine.sim;

import org.jspecify.annotations.Nullable;

/**
 * How the scheduler is biased. Every run has its own mix: a run that is uniform in all respects never gets far from the
 * usual order of things.
 *
 * @param stick probability that the running task simply goes on
 * @param byPriority whether the runnable task with the highest random priority runs, priorities changing now and then
 * @param stall probability per point that one task is held up for a while
 * @param stallPoints for how many points at the most
 * @param atLocks probability that taking or giving back a free lock is a scheduling point
 * @param jump probability per point that time passes until the next timeout although somebody could run
 * @param spurious probability that a wait ends early
 * @param slow probability that a device call takes long
 * @param slowNs how long at the most
 * @param slowOp which calls may; null for all
 */
record SimPolicy(
        double stick,
        boolean byPriority,
        double stall,
        int stallPoints,
        double atLocks,
        double jump,
        double spurious,
        double slow,
        long slowNs,
        SimDisk.@Nullable Op slowOp) {
    private static final SimDisk.Op[] OPS = {SimDisk.Op.READ, SimDisk.Op.READ, SimDisk.Op.WRITE, SimDisk.Op.SYNC};

    static final SimPolicy UNIFORM = new SimPolicy(0, false, 0, 0, 0.2, 0, 0, 0, 0, null);

    static SimPolicy random(SimRandom random) {
        return new SimPolicy(
                random.oneOf(0, 0.5, 0.8, 0.9),
                random.chance(0.3),
                random.oneOf(0, 0.002, 0.01, 0.03),
                random.oneOf(20, 100, 1000),
                random.oneOf(0, 0.05, 0.3),
                random.oneOf(0, 0, 0.0002, 0.002),
                random.oneOf(0, 0, 0.05),
                random.oneOf(0, 0.01, 0.1),
                random.oneOf(3_000_000, 30_000_000, 300_000_000),
                random.chance(0.3) ? null : OPS[random.below(OPS.length)]);
    }
}
