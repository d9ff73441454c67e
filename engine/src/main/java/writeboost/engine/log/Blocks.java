package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Buffers of whole blocks, fit for direct I/O. */
public final class Blocks {
    /** A fault point: what a test has put here fails as memory that is short does. Threads have it from the one that starts them. */
    private static final InheritableThreadLocal<Shortage> SHORTAGE = new InheritableThreadLocal<>();

    /** Decides whether memory is short. */
    @FunctionalInterface
    interface Shortage {
        /** Throws an OutOfMemoryError if it is. */
        void beforeAllocation();
    }

    private Blocks() {}

    /** For tests: has buffers fail that this thread, and those that it starts from now on, ask for. Null ends it for this thread. */
    static void shortage(@Nullable Shortage shortage) {
        if (shortage == null) {
            SHORTAGE.remove();
        } else {
            SHORTAGE.set(shortage);
        }
    }

    /** A zeroed direct buffer whose address is a multiple of the block size; little-endian. */
    public static ByteBuffer allocate(int blocks) {
        Shortage shortage = SHORTAGE.get();
        if (shortage != null) {
            shortage.beforeAllocation();
        }
        int bytes = Math.multiplyExact(blocks, BLOCK_BYTES);
        return ByteBuffer.allocateDirect(bytes + BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES)
                .limit(bytes)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Points a buffer at a part of it, by its position and limit. Returns the buffer: nothing is allocated for a call of a device. */
    public static ByteBuffer part(ByteBuffer buffer, int at, int lengthBytes) {
        return buffer.limit(at + lengthBytes).position(at);
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
