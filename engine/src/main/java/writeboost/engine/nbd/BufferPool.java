package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Direct buffers for reuse, aligned to {@link Limits#PAGE_BYTES}, in sizes of powers of two. It bounds what lies idle;
 * how much may be out at a time is bounded by those who take. Any thread may call.
 */
final class BufferPool {
    private static final int SMALLEST_SHIFT = 12;
    private static final int LARGEST_SHIFT = 25;

    /** Buffers of this size and more are parts of slabs, so that the memory of a long request is in few pieces. */
    private static final int FROM_SLAB_BYTES = 512 << 10;

    private static final int SLAB_BYTES = 4 << 20;

    private final Monitor monitor;
    private final BufferSource source;
    // Guarded by monitor:
    private final List<ArrayDeque<ByteBuffer>> idle = new ArrayList<>();
    private long idleBytes;
    private long outBytes;

    /** Makes an empty one, that asks for memory as any program does. */
    BufferPool(Tasks tasks) {
        this(tasks, BufferPool::allocateDirect);
    }

    BufferPool(Tasks tasks, BufferSource source) {
        this.source = source;
        monitor = tasks.newMonitor("nbd buffers");
        for (int shift = SMALLEST_SHIFT; shift <= LARGEST_SHIFT; shift++) {
            idle.add(new ArrayDeque<>());
        }
    }

    /** The capacity of the buffer that {@link #take} gives for a length of 1..32 MiB. */
    static int capacityFor(int lengthBytes) {
        return 1 << shiftFor(lengthBytes);
    }

    /**
     * A buffer of at least this capacity (1..32 MiB), its position 0, its limit {@code lengthBytes}.
     *
     * @throws NbdException if the virtual machine has no more memory for buffers
     */
    ByteBuffer take(int lengthBytes) throws NbdException {
        int shift = shiftFor(lengthBytes);
        ByteBuffer buffer;
        monitor.lock();
        try {
            outBytes += 1L << shift;
            buffer = idle.get(shift - SMALLEST_SHIFT).pollLast();
            if (buffer != null) {
                idleBytes -= buffer.capacity();
            }
        } finally {
            monitor.unlock();
        }
        if (buffer == null) {
            buffer = allocate(1 << shift);
        }
        return buffer.clear().limit(lengthBytes);
    }

    /** Gives a buffer back; the very one that was taken, no slice of it. */
    void give(ByteBuffer buffer) {
        monitor.lock();
        try {
            outBytes -= buffer.capacity();
            addIdle(buffer);
        } finally {
            monitor.unlock();
        }
    }

    /** Bytes that were taken and not given back. */
    long outBytes() {
        monitor.lock();
        try {
            return outBytes;
        } finally {
            monitor.unlock();
        }
    }

    /** Bytes kept for reuse. */
    long idleBytes() {
        monitor.lock();
        try {
            return idleBytes;
        } finally {
            monitor.unlock();
        }
    }

    private ByteBuffer allocate(int capacity) throws NbdException {
        try {
            return allocateAligned(capacity);
        } catch (OutOfMemoryError e) {
            dropIdle(); // Of other sizes; the virtual machine collects them when asked for memory again.
        }
        try {
            return allocateAligned(capacity);
        } catch (OutOfMemoryError e) {
            monitor.lock();
            outBytes -= capacity;
            monitor.unlock();
            throw new NbdException(
                    "no memory is left for the buffers of this connection: raise -XX:MaxDirectMemorySize");
        }
    }

    private ByteBuffer allocateAligned(int capacity) {
        if (capacity < FROM_SLAB_BYTES) {
            return allocateDirect(capacity);
        }
        ByteBuffer slab = source.allocate(Math.max(capacity, SLAB_BYTES));
        monitor.lock();
        try {
            for (int at = capacity; at < slab.capacity(); at += capacity) {
                addIdle(slab.slice(at, capacity));
            }
        } finally {
            monitor.unlock();
        }
        return slab.slice(0, capacity);
    }

    private static ByteBuffer allocateDirect(int capacity) {
        return ByteBuffer.allocateDirect(capacity + Limits.PAGE_BYTES)
                .alignedSlice(Limits.PAGE_BYTES)
                .slice(0, capacity);
    }

    /** With the monitor. */
    private void addIdle(ByteBuffer buffer) {
        if (idleBytes + buffer.capacity() <= Limits.IDLE_BUFFER_BYTES_MAX) {
            idleBytes += buffer.capacity();
            idle.get(shiftFor(buffer.capacity()) - SMALLEST_SHIFT).addLast(buffer);
        }
    }

    private void dropIdle() {
        monitor.lock();
        try {
            idle.forEach(ArrayDeque::clear);
            idleBytes = 0;
        } finally {
            monitor.unlock();
        }
    }

    private static int shiftFor(int lengthBytes) {
        return Math.max(SMALLEST_SHIFT, Integer.SIZE - Integer.numberOfLeadingZeros(lengthBytes - 1));
    }
}
