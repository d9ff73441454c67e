package writeboost.engine.inspect;

/**
 * A segment.
 *
 * @param slot place on the device, from 0
 * @param id 0 if nothing valid was ever written there
 * @param liveChunks chunks of the log in it
 * @param firstSeq of these; 0 if there is none
 * @param lastSeq of these; 0 if there is none
 * @param usedBlocks blocks that its valid chunks take, headers included
 * @param damagedHeaders headers of the log in it that are gone
 */
public record SegmentInfo(
        int slot,
        long id,
        State state,
        int liveChunks,
        long firstSeq,
        long lastSeq,
        int usedBlocks,
        int dirtyBlocks,
        int cleanBlocks,
        int supersededBlocks,
        int damagedHeaders) {

    /** What a segment is. */
    public enum State {
        /** Holds the newest chunk. */
        HEAD,
        /** Holds something that is not on the backing device. */
        DIRTY,
        /** Holds chunks of the log; all that counts in them is on the backing device. */
        CLEAN,
        /** Holds nothing of the log; may be used. */
        FREE
    }
}
