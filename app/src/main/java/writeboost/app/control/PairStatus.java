package writeboost.app.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.PairState;

/**
 * The figures of a pair, as {@code status --json} prints them (docs/cli.md): field {@code dirtyBlocks} is called
 * {@code dirty_blocks} there, and so on. A public interface: fields may be added, never renamed or removed.
 *
 * @param sentence the state in words
 * @param export name of the NBD export
 * @param uris where it is served; empty if it is not
 */
public record PairStatus(
        long snapshotId,
        String name,
        PairState state,
        String reason,
        String advice,
        String sentence,
        String mode,
        String export,
        List<String> uris,
        Backing backing,
        Cache cache,
        long headId,
        long headSeq,
        long durableSeq,
        long tailSeq,
        long oldestSeq,
        long cachedBlocks,
        long dirtyBlocks,
        long dirtyRanges,
        double dirtyRatio,
        double oldestDirtyAgeS,
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
        int ramBuffers,
        int ramBuffersTotal,
        int parkedWrites,
        long damagedBlocks,
        Migration migration,
        int clients,
        long errors,
        Map<String, Object> settings) {

    /** The mode that this version knows. */
    static final String WRITEBACK_MODE = "writeback";

    /** The backing device. */
    public record Backing(String path, long bytes) {}

    /** The cache device; {@code freeSegments} hold nothing live. */
    public record Cache(String path, long bytes, long segments, long freeSegments, long capacityBlocks) {}

    /** Writeback; see {@link PairSnapshot.Migration}; {@code etaS} is null when unknown. */
    public record Migration(
            boolean running,
            String kind,
            long doneBlocks,
            long totalBlocks,
            @Nullable Double etaS,
            double bytesPerS) {

        static final Migration NONE = new Migration(false, "none", 0, 0, null, 0);

        static Migration of(PairSnapshot.Migration from) {
            Double etaS = from.etaSeconds() < 0 || Double.isNaN(from.etaSeconds()) ? null : from.etaSeconds();
            return new Migration(
                    from.running(), from.kind(), from.doneBlocks(), from.totalBlocks(), etaS, from.bytesPerSecond());
        }
    }

    /** Bytes that wait on the cache device. */
    public long dirtyBytes() {
        return dirtyBlocks * StateSentences.BLOCK_BYTES;
    }
}
