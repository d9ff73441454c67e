package writeboost.engine.cache;

/**
 * A picture of the log, one byte per segment, in the order of their places. Immutable: nobody changes {@link #cells}.
 *
 * <p>A cell is 0 if the segment is free. Else bit 7 says that it holds damage, bits 4..6 how much of what lives in it is dirty (0
 * nothing, 7 all), bits 0..3 how much of it lives (1..15), headers included. What newer entries have superseded does not live.
 *
 * @param snapshotId of the pair's newest snapshot when this was made
 * @param headSlot where the log is written, or -1
 * @param tailSlot where the first chunk that is not written back lies, or -1 if there is none
 * @param oldestSlot where replay would begin, or -1 if the log is empty
 */
@SuppressWarnings("ArrayRecordComponent") // one array per picture is the point; it is compared by nobody
public record SegmentMap(long snapshotId, byte[] cells, int headSlot, int tailSlot, int oldestSlot) {
    private static final int FILL_LEVELS = 15;
    private static final int DIRTY_LEVELS = 7;

    static byte cell(int liveBlocks, int headers, int segmentBlocks, int dirtyBlocks, boolean damaged) {
        int fill = Math.max(1, Math.min(FILL_LEVELS, (liveBlocks + headers) * FILL_LEVELS / segmentBlocks));
        int dirty = dirtyBlocks == 0
                ? 0
                : Math.max(1, Math.min(DIRTY_LEVELS, dirtyBlocks * DIRTY_LEVELS / Math.max(1, liveBlocks)));
        return (byte) ((damaged ? 0x80 : 0) | dirty << 4 | fill);
    }

    /** Whether a cell is free. */
    public static boolean isFree(byte cell) {
        return cell == 0;
    }

    /** Whether a cell holds damage. */
    public static boolean isDamaged(byte cell) {
        return (cell & 0x80) != 0;
    }

    /** How much of what lives in the segment is dirty, 0..1. */
    public static double dirty(byte cell) {
        return (cell >> 4 & 7) / (double) DIRTY_LEVELS;
    }

    /** How much of the segment lives, 0..1. */
    public static double fill(byte cell) {
        return (cell & 0xF) / (double) FILL_LEVELS;
    }
}
