package writeboost.engine.device;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Aligned direct buffers for I/O whose own buffer the kernel cannot use. Kept for the next time: after the first requests
 * nothing is allocated, as long as no more than {@link #KEPT} are in use at once.
 */
final class BounceBuffers {
    /** Large enough that the copy, not the number of system calls, is what it costs. */
    static final int BUFFER_BYTES = 256 << 10;

    /** Alignment that every Linux block device accepts. */
    static final int ALIGNMENT_BYTES = 4096;

    /** At most 8 MiB are kept for each device; more threads than that do not use one device. */
    static final int KEPT = 32;

    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

    /** An empty buffer of {@link #BUFFER_BYTES}. */
    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? allocate(BUFFER_BYTES) : buffer.clear();
    }

    /** Gives a buffer back. */
    void give(ByteBuffer buffer) {
        free.offer(buffer); // when enough are kept already, the garbage collector takes it
    }

    /** A direct buffer that starts at a multiple of {@link #ALIGNMENT_BYTES}. */
    static ByteBuffer allocate(int lengthBytes) {
        return ByteBuffer.allocateDirect(lengthBytes + ALIGNMENT_BYTES)
                .alignedSlice(ALIGNMENT_BYTES)
                .limit(lengthBytes)
                .slice();
    }
}
