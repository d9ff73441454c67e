package writeboost.engine.log;

import java.io.IOException;
import java.util.UUID;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** Making an empty log on a cache device (docs/format.md sections 2 and 3). */
public final class LogFormat {
    private LogFormat() {}

    /**
     * Writes an empty log. Interrupted anywhere, it leaves either no cache or an empty one. What was on the device is
     * forgotten: ask before.
     *
     * @param segmentBlocks {@link Geometry#SEGMENT_BLOCKS}; tests make smaller ones
     * @throws EngineException SIZE if the device is too small
     */
    public static Superblock format(
            BlockDevice cache, BlockDevice backing, UUID cacheUuid, UUID pairUuid, int segmentBlocks, long nowMs)
            throws IOException {
        if (cache.sizeBytes() < Geometry.minCacheBytes(segmentBlocks)) {
            throw new EngineException(
                    ErrorCode.SIZE,
                    cache.name() + " has " + cache.sizeBytes() + " bytes; a cache needs at least "
                            + Geometry.minCacheBytes(segmentBlocks) + ". Nothing was changed.");
        }
        if (cache.sectorBytes() > Geometry.BLOCK_BYTES || backing.sectorBytes() > Geometry.BLOCK_BYTES) {
            throw new EngineException(
                    ErrorCode.USAGE,
                    "devices with sectors larger than 4096 bytes are not supported. Nothing was changed.");
        }
        Superblock superblock = new Superblock(
                cacheUuid,
                pairUuid,
                cache.identity(),
                backing.identity(),
                backing.sectorBytes(),
                Geometry.of(cache.sizeBytes(), segmentBlocks),
                nowMs);
        Fingerprint fingerprint = Fingerprint.measure(backing);
        Superblock.erase(cache);
        cache.sync();
        Incarnations incarnations = new Incarnations();
        incarnations.add(0, 1);
        Checkpoint first = new Checkpoint(0, 0, 1, new Marks(0, 0, 1), nowMs, true, incarnations, fingerprint);
        for (int slot = 0; slot < Geometry.CHECKPOINT_SLOTS; slot++) {
            var bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
            if (slot < 2) {
                first.encode(cacheUuid, bytes, new Crc());
            }
            cache.write(Geometry.checkpointByteOffset(slot), bytes);
        }
        cache.sync();
        superblock.write(cache);
        cache.sync();
        return superblock;
    }
}
