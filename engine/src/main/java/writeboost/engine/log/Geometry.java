package writeboost.engine.log;

/**
 * Where things lie on a cache device (docs/format.md section 1).
 *
 * <p>A <i>position</i> names a block of the log: slot * segmentBlocks + offset in the segment. It fits an int, which
 * bounds a cache at 8 TiB less one block.
 *
 * @param segmentBlocks blocks per segment, 8..128
 * @param segments number of segments
 */
public record Geometry(int segmentBlocks, int segments) {
    /** Size of a block in bytes. */
    public static final int BLOCK_BYTES = 4096;

    /** Size of a sector in bytes. */
    public static final int SECTOR_BYTES = 512;

    /** Sectors of a block. */
    public static final int BLOCK_SECTORS = BLOCK_BYTES / SECTOR_BYTES;

    /** Blocks of a segment on real devices. */
    public static final int SEGMENT_BLOCKS = 128;

    /** Fewer segments leave no room for what the log must keep in reserve. */
    public static final int MIN_SEGMENTS = 32;

    static final int CHECKPOINT_BLOCK = 16;
    static final int CHECKPOINT_BLOCKS = 8;
    static final int CHECKPOINT_SLOTS = 4;
    static final int FIRST_SEGMENT_BLOCK = 128;

    /** The layout of a device of this size, which must have room for {@link #MIN_SEGMENTS}. */
    public static Geometry of(long cacheBytes, int segmentBlocks) {
        long blocks = cacheBytes / BLOCK_BYTES;
        long segments = Math.max(0, (blocks - FIRST_SEGMENT_BLOCK - 1) / segmentBlocks);
        return new Geometry(segmentBlocks, (int) Math.min(segments, Integer.MAX_VALUE / segmentBlocks));
    }

    /** The least size of a cache device, in bytes. */
    public static long minCacheBytes(int segmentBlocks) {
        return (FIRST_SEGMENT_BLOCK + (long) MIN_SEGMENTS * segmentBlocks + 1) * BLOCK_BYTES;
    }

    /** Number of positions. */
    public int positions() {
        return segments * segmentBlocks;
    }

    /** Data blocks that the log can hold when every chunk is full. */
    public long capacityBlocks() {
        return (long) segments * (segmentBlocks - 1);
    }

    /** Data blocks of a full chunk. */
    public int chunkDataBlocks() {
        return segmentBlocks - 1;
    }

    /** The place of a segment id. */
    public int slotOf(long segmentId) {
        return (int) ((segmentId - 1) % segments);
    }

    /** The position of a block in a segment. */
    public int position(int slot, int offset) {
        return slot * segmentBlocks + offset;
    }

    /** The byte offset on the device of a position. */
    public long byteOffset(int position) {
        return (FIRST_SEGMENT_BLOCK + (long) position) * BLOCK_BYTES;
    }

    static long checkpointByteOffset(int slot) {
        return (CHECKPOINT_BLOCK + (long) slot * CHECKPOINT_BLOCKS) * BLOCK_BYTES;
    }

    static long secondSuperblockByteOffset(long cacheBytes) {
        return (cacheBytes / BLOCK_BYTES - 1) * BLOCK_BYTES;
    }
}
