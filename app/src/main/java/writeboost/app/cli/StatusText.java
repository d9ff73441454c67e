package writeboost.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import writeboost.app.config.Sizes;
import writeboost.app.control.PairStatus;
import writeboost.engine.cache.PairState;

/** A status for people. */
final class StatusText {
    private static final int BLOCK_BYTES = 4096;

    private StatusText() {}

    static List<String> lines(PairStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(status.name() + ": " + status.sentence());
        boolean isSaid = status.state() == PairState.HALTED || status.state() == PairState.DEGRADED;
        if (!status.reason().isEmpty() && !isSaid) {
            add(lines, "trouble", status.reason());
        }
        if (!status.advice().isEmpty()) {
            add(lines, "to do", status.advice());
        }
        add(
                lines,
                "backing",
                status.backing().path() + ", " + Sizes.format(status.backing().bytes()));
        add(
                lines,
                "cache",
                status.cache().path() + ", " + Sizes.format(status.cache().bytes()));
        if (status.state() == PairState.STOPPED) {
            return lines;
        }
        status.uris().forEach(uri -> add(lines, "served at", uri));
        add(lines, "clients", Integer.toString(status.clients()));
        add(lines, "log", log(status));
        add(lines, "cached", Sizes.format(status.cachedBlocks() * BLOCK_BYTES));
        add(
                lines,
                "dirty",
                Sizes.format(status.dirtyBytes())
                        + percent(", %.1f %% of the cache", status.dirtyRatio())
                        + (status.dirtyRanges() == 0 ? "" : ", " + status.dirtyRanges() + " ranges"));
        add(
                lines,
                "hits",
                "reads " + hitRate(status.readHits(), status.readMisses()) + ", writes "
                        + hitRate(status.writeHits(), status.writeMisses())
                        + " (hits / (hits + misses), since it was opened)");
        add(lines, "migration", migration(status.migration()));
        add(lines, "moved", moved(status));
        if (status.damagedBlocks() > 0) {
            add(lines, "damaged", status.damagedBlocks() + " blocks cannot be read");
        }
        add(lines, "errors", Long.toString(status.errors()));
        return lines;
    }

    static String hitRate(long hits, long misses) {
        return hits + misses == 0 ? "-" : percent("%.0f %%", (double) hits / (hits + misses));
    }

    static String migration(PairStatus.Migration migration) {
        if (!migration.running()) {
            return "none";
        }
        return migration.kind() + ", " + Sizes.format(migration.doneBlocks() * BLOCK_BYTES) + " of "
                + Sizes.format(migration.totalBlocks() * BLOCK_BYTES) + ", "
                + Sizes.format((long) migration.bytesPerS())
                + "/s" + (migration.etaS() == null ? "" : ", " + Sizes.duration(migration.etaS()) + " left");
    }

    private static String log(PairStatus status) {
        long used = status.cache().segments() - status.cache().freeSegments();
        return String.format(
                Locale.ROOT,
                "%,d of %,d segments in use; seq %,d, durable %,d, tail %,d, oldest %,d",
                used,
                status.cache().segments(),
                status.headSeq(),
                status.durableSeq(),
                status.tailSeq(),
                status.oldestSeq());
    }

    private static String moved(PairStatus status) {
        return "user " + both(status.userBytesRead(), status.userBytesWritten())
                + "; cache " + both(status.cacheBytesRead(), status.cacheBytesWritten())
                + "; disk " + both(status.backingBytesRead(), status.backingBytesWritten());
    }

    private static String both(long read, long written) {
        return Sizes.format(read) + " read, " + Sizes.format(written) + " written";
    }

    private static String percent(String format, double ratio) {
        return String.format(Locale.ROOT, format, ratio * 100);
    }

    private static void add(List<String> lines, String label, String text) {
        lines.add(String.format(Locale.ROOT, "  %-10s %s", label, text));
    }
}
