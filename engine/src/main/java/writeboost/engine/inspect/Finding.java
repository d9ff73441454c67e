package writeboost.engine.inspect;

import org.jspecify.annotations.Nullable;

/**
 * Damage that was found. Places that do not apply, or are not known, are null.
 *
 * @param stake what may be lost by it
 * @param segmentId id of the segment
 * @param slot place of the segment on the device
 * @param offset block in the segment, from 0
 * @param byteOffset on the cache device
 * @param seq of the chunk
 * @param address block of the disk
 * @param what a sentence for the user that says all this
 */
public record Finding(
        Part part,
        Stake stake,
        @Nullable Long segmentId,
        @Nullable Integer slot,
        @Nullable Integer offset,
        @Nullable Long byteOffset,
        @Nullable Long seq,
        @Nullable Long address,
        String what) {

    /** What is damaged. */
    public enum Part {
        SUPERBLOCK,
        CHECKPOINT,
        /** The header of a chunk. */
        HEADER,
        /** The data of a block. */
        DATA,
        /** Data that was lost earlier: the log says so. */
        LOST
    }

    /** What may be lost by it. */
    public enum Stake {
        /** Nothing: another copy says the same, or something newer counts. */
        NONE,
        /** A copy of what is on the backing device. */
        COPY,
        /** The only copy of data that a client was told is written. */
        DATA
    }
}
