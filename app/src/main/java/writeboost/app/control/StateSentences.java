package writeboost.app.control;

import java.util.Optional;
import writeboost.app.config.Sizes;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.inspect.CacheSummary;

/** The state of a pair in the words that every surface of the program uses. */
public final class StateSentences {
    static final int BLOCK_BYTES = 4096;

    private StateSentences() {}

    /** Of a pair that is open. */
    public static String of(PairSnapshot snapshot) {
        return switch (snapshot.state()) {
            case STOPPED -> "Not serving.";
            case CLEAN -> "Serving. Everything is on the disk.";
            case DIRTY ->
                "Serving. " + waiting(snapshot.dirtyBlocks(), snapshot.dirtyRanges()) + " not yet on the disk, oldest "
                        + Sizes.duration(snapshot.oldestDirtyAgeSeconds()) + ".";
            case DEGRADED -> withReason("Reading only: the SSD refuses writes", snapshot.reason());
            case HALTED -> withReason("Stopped to protect your data", snapshot.reason());
        };
    }

    /**
     * Of a pair that is not open.
     *
     * @param summary of its cache device; empty if that could not be looked at
     */
    public static String stopped(Optional<CacheSummary> summary) {
        if (summary.isEmpty()) {
            return "Not serving.";
        }
        long blocks = summary.get().dirtyBlocks();
        int ranges = summary.get().dirtyRanges();
        return blocks == 0 && ranges == 0
                ? "Not serving. Nothing waits."
                : "Not serving. " + waiting(blocks, ranges) + " still waits on the SSD.";
    }

    private static String waiting(long dirtyBlocks, long dirtyRanges) {
        return dirtyBlocks == 0 && dirtyRanges > 0
                ? "The trimming or zeroing of " + dirtyRanges + (dirtyRanges == 1 ? " range" : " ranges")
                : Sizes.format(dirtyBlocks * BLOCK_BYTES);
    }

    private static String withReason(String sentence, String reason) {
        return reason.isEmpty() ? sentence + "." : sentence + ": " + reason + (reason.endsWith(".") ? "" : ".");
    }
}
