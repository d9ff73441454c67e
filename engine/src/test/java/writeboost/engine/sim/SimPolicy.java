package writeboost.engine.sim;

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
 */
record SimPolicy(
        double stick, boolean byPriority, double stall, int stallPoints, double atLocks, double jump, double spurious) {
    static final SimPolicy UNIFORM = new SimPolicy(0, false, 0, 0, 0.2, 0, 0);

    static SimPolicy random(SimRandom random) {
        return new SimPolicy(
                random.oneOf(0, 0.5, 0.8, 0.9),
                random.chance(0.3),
                random.oneOf(0, 0.002, 0.01, 0.03),
                random.oneOf(20, 100, 1000),
                random.oneOf(0, 0.05, 0.3),
                random.oneOf(0, 0, 0.0002, 0.002),
                random.oneOf(0, 0, 0.05));
    }
}
