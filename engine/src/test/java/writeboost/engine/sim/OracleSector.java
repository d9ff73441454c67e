package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** What an {@link Oracle} knows of one sector. */
final class OracleSector {
    final VersionSet cur = new VersionSet();
    final VersionSet surv = new VersionSet();
    /** Versions of which the only copy may be damaged: they may be read as an error. */
    final List<Version> mayBeLost = new ArrayList<>(0);

    /** Requests in flight that change it. */
    int busy;
    /** When something happened to it last. */
    long eventAt;
    /** When a flush failed last. */
    long unsureAt = -1;
    /** Whether what is read once survives every later cut. */
    boolean settled = true;

    /** Whether a flush that began then says what survives: no flush has failed meanwhile. */
    boolean isSure(long begunAt) {
        for (int i = 0; i < surv.size(); i++) {
            if (surv.supersededAt(i) > begunAt && surv.get(i).startedAt < unsureAt) {
                return false;
            }
        }
        return true;
    }

    /** If a device lies, it may also hold anything from now on, as long as that is not another sector's. */
    void mayBeGarbage(boolean lying, long now) {
        if (!lying) {
            return;
        }
        Version garbage = new Version(0, Version.Kind.ANY, now);
        garbage.end(now);
        cur.add(garbage);
        surv.add(garbage);
    }

    void copyFrom(OracleSector from, IdentityHashMap<Version, Version> copies) {
        cur.copyFrom(from.cur, copies);
        surv.copyFrom(from.surv, copies);
        for (Version v : from.mayBeLost) {
            mayBeLost.add(v.copy(copies));
        }
        busy = from.busy;
        eventAt = from.eventAt;
        unsureAt = from.unsureAt;
        settled = from.settled;
    }
}
