package writeboost.engine.inspect;

import java.util.List;

/**
 * What a cache device says of a block of the disk.
 *
 * @param byteOffset of the block on the disk
 * @param answer in words, what a read of the block would give
 * @param versions newest first: those of the log, then what is left of older ones
 */
public record BlockHistory(long address, long byteOffset, String answer, List<Version> versions) {
    /**
     * One entry of the block, or of a range over it.
     *
     * @param chunk what its chunk is
     * @param counts whether it is what the log says of the block
     */
    public record Version(
            long seq,
            ChunkInfo.State chunk,
            long segmentId,
            int slot,
            int headerOffset,
            long incarnation,
            long wallTimeMs,
            boolean counts,
            EntryInfo entry) {}
}
