package writeboost.engine.sim;

import java.util.ArrayList;
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
}
