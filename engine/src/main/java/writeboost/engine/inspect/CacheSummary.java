package writeboost.engine.inspect;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a cache device says of itself. Blocks are of 4,096 bytes; times are milliseconds since 1970.
 *
 * @param moving whether it is in use, so that this is a moving picture
 * @param segmentBlocks blocks of a segment
 * @param capacityBlocks data blocks that the log can hold
 * @param checkpoint the newest; null if none is valid
 * @param durable every chunk up to it was durable
 * @param tail every dirty entry up to it is on the backing device
 * @param oldest opening reads from here
 * @param lastSeq the last chunk of the log
 * @param chunks from oldest to the last
 * @param cachedBlocks blocks of the disk that the log knows, those under a range apart
 * @param dirtyBlocks of these, those that the backing device does not have, lost ones included
 * @param cleanBlocks of these, those that it has
 * @param lostBlocks of these, those that are known to be lost
 * @param supersededBlocks data blocks of the log that something newer makes worthless
 * @param dirtyRanges trimmed or zeroed ranges that are not yet carried out on the backing device
 * @param damagedHeaders headers of the log that are gone
 */
public record CacheSummary(
        String device,
        boolean moving,
        UUID cacheUuid,
        UUID pairUuid,
        long formattedMs,
        long cacheBytes,
        String cacheName,
        String cacheSerial,
        long backingBytes,
        String backingName,
        String backingSerial,
        int segmentBlocks,
        int segments,
        long capacityBlocks,
        List<String> badSuperblocks,
        @Nullable CheckpointInfo checkpoint,
        List<CheckpointInfo> checkpoints,
        long durable,
        long tail,
        long oldest,
        long lastSeq,
        long headSegment,
        long chunks,
        long cachedBlocks,
        long dirtyBlocks,
        long cleanBlocks,
        long lostBlocks,
        long supersededBlocks,
        int dirtyRanges,
        int damagedHeaders) {

    /**
     * A checkpoint slot.
     *
     * @param state {@code valid}, {@code empty}, {@code damaged} or {@code unreadable}; all else is 0 unless it is valid
     */
    public record CheckpointInfo(
            int slot,
            long byteOffset,
            String state,
            long generation,
            long incarnation,
            long firstSeq,
            long durable,
            long tail,
            long oldest,
            long wallTimeMs,
            boolean clean) {}
}
