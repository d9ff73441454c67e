package writeboost.engine.cache;

/**
 * The figures of a pair at one instant. Immutable; made by {@link CachedDisk#snapshot}. Blocks are of 4 KiB; hits and
 * misses count blocks; ratios are 0..1.
 *
 * @param snapshotId grows by one with each snapshot of this opening
 * @param reason why the state is what it is, or what keeps the pair from going on as it should, for the user; empty when there is
 *     nothing to explain
 * @param advice the one thing to do about that, as a sentence; empty if there is none
 * @param sizeBytes of the disk that is served
 * @param segments number of segments of the log
 * @param freeSegments segments that hold nothing live
 * @param capacityBlocks data blocks that the log can hold: 127 per segment
 * @param headId id of the segment that is written; 0 before the first
 * @param headSeq seq of the newest chunk, open ones included
 * @param durableSeq every chunk up to it is durable on the cache device
 * @param tailSeq every dirty entry up to it is durable on the backing device
 * @param oldestSeq replay would start here
 * @param cachedBlocks blocks with a live entry
 * @param dirtyBlocks of these, not yet on the backing device
 * @param dirtyRanges live trimmed or zeroed ranges not yet carried out on the backing device
 * @param oldestDirtyAgeSeconds age of the oldest chunk that may hold dirty data; 0 if none
 * @param ramBuffers RAM buffers in use, of {@code ramBuffersTotal}
 * @param parkedWrites writes that wait for room
 * @param damagedBlocks blocks known to be unreadable
 */
public record PairSnapshot(
        long snapshotId,
        PairState state,
        String reason,
        String advice,
        long sizeBytes,
        long segments,
        long freeSegments,
        long capacityBlocks,
        long headId,
        long headSeq,
        long durableSeq,
        long tailSeq,
        long oldestSeq,
        long cachedBlocks,
        long dirtyBlocks,
        long dirtyRanges,
        double oldestDirtyAgeSeconds,
        int ramBuffers,
        int ramBuffersTotal,
        int parkedWrites,
        long damagedBlocks,
        Statistics statistics,
        Migration migration,
        Settings settings) {

    /** Dirty blocks / data blocks that the log can hold. */
    public double dirtyRatio() {
        return capacityBlocks == 0 ? 0 : (double) dirtyBlocks / capacityBlocks;
    }

    /**
     * Counters since the pair was opened.
     *
     * @param readHits blocks read from RAM or the cache device
     * @param readMisses blocks read from the backing device
     * @param writeHits blocks written that had a live entry
     * @param writeMisses blocks written that had none
     * @param backingBytesWrittenByMigration the part of {@code backingBytesWritten} that writeback did
     * @param errors errors that a device returned, and damage found
     */
    public record Statistics(
            long readHits,
            long readMisses,
            long writeHits,
            long writeMisses,
            long stagedBlocks,
            long userBytesRead,
            long userBytesWritten,
            long flushes,
            long cacheBytesRead,
            long cacheBytesWritten,
            long backingBytesRead,
            long backingBytesWritten,
            long backingBytesWrittenByMigration,
            long backingWrites,
            long chunksWritten,
            long errors) {}

    /**
     * The progress of writeback.
     *
     * @param running whether a batch is on its way
     * @param kind {@code none}, {@code normal}, {@code urgent} or {@code flush}
     * @param doneBlocks of the current task
     * @param totalBlocks of the current task
     * @param etaSeconds expected time to its end; negative when unknown
     * @param bytesPerSecond recent speed
     */
    public record Migration(
            boolean running,
            String kind,
            long doneBlocks,
            long totalBlocks,
            double etaSeconds,
            double bytesPerSecond) {}
}
