package writeboost.engine.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Reads the log of a cache device as docs/format.md describes it, independently of the engine: which block of the disk
 * lies where.
 */
final class LogMap {
    static final int BLOCK = 4096;
    static final int FIRST_SEGMENT_BLOCK = 128;
    private static final int FIRST_CHECKPOINT_BLOCK = 16;
    private static final long CHUNK_MAGIC = magic("WBCHUNK1");
    private static final long CHECKPOINT_MAGIC = magic("WBCHKPT1");

    /**
     * A data block of the log.
     *
     * @param seq of its chunk
     * @param at where it lies on the cache device, bytes
     * @param address the block of the disk
     * @param dirty the sectors that were not on the disk when it was written
     */
    record Held(long seq, long at, long address, int dirty) {}

    private final int segmentBlocks;
    private final LongFunction<ByteBuffer> blocks;
    private final long uuidHigh;
    private final long uuidLow;

    /**
     * Makes one.
     *
     * @param device gives a block of the device by its byte offset
     */
    LogMap(int segmentBlocks, LongFunction<byte[]> device) {
        this.segmentBlocks = segmentBlocks;
        blocks = at -> ByteBuffer.wrap(device.apply(at)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer superblock = blocks.apply(0);
        uuidHigh = superblock.getLong(16);
        uuidLow = superblock.getLong(24);
    }

    /** Whether a block begins with this magic, and belongs to the cache that was formatted last. */
    private boolean is(ByteBuffer block, long magic) {
        return block.getLong(0) == magic && block.getLong(16) == uuidHigh && block.getLong(24) == uuidLow;
    }

    private static long magic(String text) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | text.charAt(i);
        }
        return value;
    }

    /** The data blocks that the segment in a slot holds. */
    List<Held> segment(int slot) {
        List<Held> held = new ArrayList<>();
        long start = (FIRST_SEGMENT_BLOCK + (long) slot * segmentBlocks) * BLOCK;
        int offset = 0;
        long id = 0;
        while (offset < segmentBlocks) {
            ByteBuffer header = blocks.apply(start + (long) offset * BLOCK);
            if (!is(header, CHUNK_MAGIC) || (id != 0 && header.getLong(32) != id)) {
                break;
            }
            id = header.getLong(32);
            int data = 0;
            for (int e = 0; e < header.getInt(76); e++) {
                int at = 256 + 12 * e;
                if (header.get(at + 5) < 5) {
                    long address = (header.getInt(at) & 0xFFFFFFFFL) | (header.get(at + 4) & 0xFFL) << 32;
                    long place = start + (offset + 1L + data++) * BLOCK;
                    held.add(new Held(header.getLong(48), place, address, header.get(at + 7) & 0xFF));
                }
            }
            offset += 1 + header.getInt(72);
        }
        return held;
    }

    /** The data blocks that lie, wholly or in part, in a stretch of the device. */
    List<Held> held(long offsetBytes, long lengthBytes, int segments) {
        List<Held> found = new ArrayList<>();
        long perSegment = (long) segmentBlocks * BLOCK;
        long from = Math.max(0, offsetBytes - (long) FIRST_SEGMENT_BLOCK * BLOCK);
        long end = offsetBytes + lengthBytes - (long) FIRST_SEGMENT_BLOCK * BLOCK;
        for (long slot = from / perSegment; slot * perSegment < end && slot < segments; slot++) {
            for (Held h : segment((int) slot)) {
                if (h.at() < offsetBytes + lengthBytes && offsetBytes < h.at() + BLOCK) {
                    found.add(h);
                }
            }
        }
        return found;
    }

    /** The largest durable mark that a header or checkpoint names. */
    long durable(int segments) {
        long durable = 0;
        for (int k = 0; k < 4; k++) {
            ByteBuffer b = blocks.apply((FIRST_CHECKPOINT_BLOCK + 8L * k) * BLOCK);
            if (is(b, CHECKPOINT_MAGIC)) {
                durable = Math.max(durable, b.getLong(56));
            }
        }
        for (int slot = 0; slot < segments; slot++) {
            for (int offset = 0; offset < segmentBlocks; ) {
                ByteBuffer b = blocks.apply((FIRST_SEGMENT_BLOCK + (long) slot * segmentBlocks + offset) * BLOCK);
                if (!is(b, CHUNK_MAGIC)) {
                    break;
                }
                durable = Math.max(durable, b.getLong(80));
                offset += 1 + b.getInt(72);
            }
        }
        return durable;
    }
}
