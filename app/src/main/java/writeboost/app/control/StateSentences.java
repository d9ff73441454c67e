package writeboost.app.control;

import java.util.OptionalLong;
import writeboost.app.config.Sizes;
import writeboost.engine.cache.PairSnapshot;

/** The state of a pair in the words that every surface of the program uses. */
public final class StateSentences {
    static final int BLOCK_BYTES = 4096;

    private StateSentences() {}

    /** Of a pair that is open. */
    public static String of(PairSnapshot snapshot) {
        return switch (snapshot.state()) {
            case STOPPED -> stopped(OptionalLong.of(snapshot.dirtyBlocks()));
            case CLEAN -> "Serving. Everything is on the disk.";
            case DIRTY ->
                "Serving. " + waiting(snapshot) + " not yet on the disk, oldest "
                        + Sizes.duration(snapshot.oldestDirtyAgeSeconds()) + ".";
            case DEGRADED -> withReason("Reading only: the SSD refuses writes", snapshot.reason());
            case HALTED -> withReason("Stopped to protect your data", snapshot.reason());
        };
    }

    /**
     * Of a pair that is not open.
     *
     * @param dirtyBlocks how much waits on the cache device; empty if that is not known
     */
    public static String stopped(OptionalLong dirtyBlocks) {
        if (dirtyBlocks.isEmpty()) {
            return "Not serving.";
        }
        if (dirtyBlocks.getAsLong() == 0) {
            return "Not serving. Nothing waits.";
        }
        return "Not serving. " + Sizes.format(dirtyBlocks.getAsLong() * BLOCK_BYTES) + " still waits on the SSD.";
    }

    private static String waiting(PairSnapshot snapshot) {
        if (snapshot.dirtyBlocks() == 0 && snapshot.dirtyRanges() > 0) {
            return snapshot.dirtyRanges() + " trimmed or zeroed ranges";
        }
        return Sizes.format(snapshot.dirtyBlocks() * BLOCK_BYTES);
    }

    private static String withReason(String sentence, String reason) {
        return reason.isEmpty() ? sentence + "." : sentence + ": " + reason;
    }
}
