package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors that devices are to return: the n-th call of a kind from now on. */
final class SimFaults {
    private static final class Fault {
        final boolean cache;
        final SimDisk.Op op;
        int countdown;
        int times;

        Fault(boolean cache, SimDisk.Op op, int countdown, int times) {
            this.cache = cache;
            this.op = op;
            this.countdown = countdown;
            this.times = times;
        }
    }

    private static final SimDisk.Op[] OPS = {SimDisk.Op.READ, SimDisk.Op.WRITE, SimDisk.Op.SYNC};

    private final List<Fault> faults = new ArrayList<>();
    private int injected;
    private boolean damaged;
    private SimDisk.@Nullable Op onlyOp;
    private boolean onlyCache;

    /**
     * Calls of this kind fail.
     *
     * @param cache on the cache device, rather than on the backing device
     * @param nth the first one, counted from now, from 1
     * @param times so many in a row
     */
    void fail(boolean cache, SimDisk.Op op, int nth, int times) {
        faults.add(new Fault(cache, op, nth, times));
    }

    /** From now on only calls of this kind are planned to fail. */
    void only(boolean cache, SimDisk.Op op) {
        onlyOp = op;
        onlyCache = cache;
    }

    /** Plans a few at random. */
    void plan(SimRandom random) {
        for (int i = random.between(1, 3); i > 0; i--) {
            boolean cache = random.chance(0.6);
            SimDisk.Op op = OPS[random.below(OPS.length)];
            int nth = 1 + random.below(random.oneOf(5, 40));
            int times = random.oneOf(1, 1, 1, 2, 4, 20);
            if (onlyOp == null) {
                fail(cache, op, nth, times);
            } else {
                fail(onlyCache, onlyOp, nth, Math.min(times, 2));
            }
        }
    }

    /** No more of them. */
    void clear() {
        faults.clear();
        injected = 0;
    }

    boolean fails(boolean cache, SimDisk.Op op) {
        boolean fails = false;
        for (int i = faults.size() - 1; i >= 0; i--) {
            Fault fault = faults.get(i);
            if (fault.cache == cache && fault.op == op && --fault.countdown <= 0) {
                fails = true;
                if (--fault.times == 0) {
                    faults.remove(i);
                }
            }
        }
        injected += fails ? 1 : 0;
        damaged |= fails && cache && op == SimDisk.Op.READ;
        return fails;
    }

    /** Whether errors have to be expected now. */
    boolean happened() {
        return injected > 0;
    }

    /**
     * Whether blocks may be lost for good: a read error of the cache device that lasts is damage, and what was dirty there
     * reads as an error until it is overwritten, whenever that is.
     */
    boolean mayHaveDamaged() {
        return damaged;
    }

    /** How many calls have failed since the last {@link #clear}. */
    int injected() {
        return injected;
    }
}
