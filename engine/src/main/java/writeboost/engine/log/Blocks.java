package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Buffers of whole blocks, fit for direct I/O. */
public final class Blocks {
    private Blocks() {}

    /** A zeroed direct buffer whose address is a multiple of the block size; little-endian. */
    public static ByteBuffer allocate(int blocks) {
        int bytes = Math.multiplyExact(blocks, BLOCK_BYTES);
        return ByteBuffer.allocateDirect(bytes + BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES)
                .limit(bytes)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fills a part with zeros; position and limit do not matter and stay. */
    public static void zero(ByteBuffer buffer, int at, int lengthBytes) {
        int i = at;
        int end = at + lengthBytes;
        for (; i + 8 <= end; i += 8) {
            buffer.putLong(i, 0);
        }
        for (; i < end; i++) {
            buffer.put(i, (byte) 0);
        }
    }
}
