package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;

/** Errors that devices are to return: the n-th call of a kind from now on. */
final class SimFaults {
    private static final class Fault {
        final boolean cache;
        final SimDisk.Op op;
        int countdown;

        Fault(boolean cache, SimDisk.Op op, int countdown) {
            this.cache = cache;
            this.op = op;
            this.countdown = countdown;
        }
    }

    private final List<Fault> faults = new ArrayList<>();
    private int injected;

    /**
     * The {@code nth} call of this kind from now on fails, once.
     *
     * @param cache on the cache device, rather than on the backing device
     * @param nth from 1
     */
    void fail(boolean cache, SimDisk.Op op, int nth) {
        faults.add(new Fault(cache, op, nth));
    }

    boolean fails(boolean cache, SimDisk.Op op) {
        boolean fails = false;
        for (int i = faults.size() - 1; i >= 0; i--) {
            Fault fault = faults.get(i);
            if (fault.cache == cache && fault.op == op && --fault.countdown == 0) {
                faults.remove(i);
                injected++;
                fails = true;
            }
        }
        return fails;
    }

    /** How many calls have failed. */
    int injected() {
        return injected;
    }
}
