package writeboost.engine.inspect;

import java.util.List;

/**
 * A chunk. Of one that is known only from the copy in the next header, all that the copy does not say is 0.
 *
 * @param offset of its header in the segment, blocks
 * @param generation of the newest checkpoint when it was written; durable, tail and oldest likewise
 * @param wallTimeMs when it was begun
 * @param reason why it was closed: full, flush, fua, timer, stop, writeback, unknown
 */
public record ChunkInfo(
        long seq,
        State state,
        int offset,
        int dataBlocks,
        long incarnation,
        long firstSeq,
        long durable,
        long tail,
        long oldest,
        long generation,
        long wallTimeMs,
        String reason,
        boolean flushPoint,
        List<EntryInfo> entries) {

    /** What a chunk is. */
    public enum State {
        /** Part of the log. */
        LIVE,
        /** Part of the log; its header is damaged, and it is known from the copy in the next one. */
        HEADER_DAMAGED,
        /** Before oldest: not needed any more. */
        DEAD,
        /** Another chunk with the same seq counts. */
        REPLACED,
        /** Discarded when the log was opened after it was written. */
        VOID,
        /** Behind the end of the log: not whole, or nothing whole leads to it. */
        BEHIND_END
    }
}
