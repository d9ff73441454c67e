package writeboost.engine.nbd;

import java.nio.ByteBuffer;

/** Where a server has the memory from in which it holds long requests. */
@FunctionalInterface
public interface BufferSource {
    /**
     * A direct buffer, aligned to 4,096 bytes. Any thread may call.
     *
     * @param bytes a power of two; a server asks for 8 MiB, 16 MiB or 32 MiB
     * @throws OutOfMemoryError if the virtual machine has no more memory for direct buffers
     */
    ByteBuffer allocate(int bytes);
}
