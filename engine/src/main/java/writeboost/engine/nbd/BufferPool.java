package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Direct buffers for reuse, aligned to {@link Limits#PAGE_BYTES}, in sizes of powers of two. Those of 512 KiB to 8 MiB are
 * slices of slabs, which are in large pages: a long request then is few requests to the device. Any thread may call.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>No two buffers that are out share memory.
 *   <li>What is held, in bytes, is what is out, and {@link Limits#IDLE_BUFFER_BYTES_MAX} at the most that lies idle, and
 *       the free parts of slabs of which something is out: less than {@link Limits#SLAB_BYTES_MAX}, for that is what
 *       slabs measure together. So it is less than 192 MiB more than what is out, and that is bounded by those who take.
 *   <li>Of what lies idle, the kind that was asked for longest ago goes first: a load whose buffers measure no more than
 *       may lie idle, slabs counted whole, soon finds them all here again, whatever was served before it.
 *   <li>A thread that needs a slab waits for one that is being made by another: it may have room for both.
 * </ul>
 *
 * <p>{@code -XX:MaxDirectMemorySize} sees up to a half more than is held: a page for each single buffer, to align it (the
 * smallest that requests borrow has two), and a large page for each slab and for each buffer of 16 or 32 MiB. What goes
 * back to the system does so when the virtual machine collects its garbage, which it does before it finds that limit reached.
 */
final class BufferPool {
    private static final int SMALLEST_SHIFT = 12;
    private static final int LARGEST_SHIFT = 25;

    private final BufferSource large;
    private final BufferSource small;
    /** Of whoever makes a slab; it comes before the other. */
    private final Monitor making;

    private final Monitor monitor;
    // Guarded by monitor:
    private final Slabs slabs = new Slabs();
    private final List<SingleBuffers> singles = new ArrayList<>();
    /** All shelves; the one that was asked longest ago is the first. */
    private final List<Shelf> byAge = new ArrayList<>();

    private long idleBytes;
    private long outBytes;

    /** Makes an empty one, that asks for memory as any program does. */
    BufferPool(Tasks tasks) {
        this(tasks, BufferPool::allocateDirect);
    }

    /** Makes an empty one, with a source for slabs and for what is larger than they are. */
    BufferPool(Tasks tasks, BufferSource large) {
        this(tasks, large, BufferPool::allocateDirect);
    }

    BufferPool(Tasks tasks, BufferSource large, BufferSource small) {
        this.large = large;
        this.small = small;
        making = tasks.newMonitor("nbd slabs");
        monitor = tasks.newMonitor("nbd buffers");
        for (int shift = SMALLEST_SHIFT; shift <= LARGEST_SHIFT; shift++) {
            singles.add(new SingleBuffers(1 << shift));
        }
        byAge.addAll(singles);
        byAge.add(slabs);
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
        int capacity = capacityFor(lengthBytes);
        ByteBuffer buffer = takeHeld(capacity);
        if (buffer == null) {
            buffer = Slab.hasSlicesOf(capacity) ? makeSlice(capacity) : makeSingle(capacity);
        }
        return buffer.clear().limit(lengthBytes);
    }

    /** Gives a buffer back; the very one that was taken, no slice of it. */
    void give(ByteBuffer buffer) {
        int capacity = buffer.capacity();
        monitor.lock();
        try {
            Shelf shelf = Slab.hasSlicesOf(capacity) && slabs.has(buffer) ? slabs : singlesOf(capacity);
            long before = shelf.idleBytes();
            shelf.give(buffer);
            idleBytes += shelf.idleBytes() - before;
            outBytes -= capacity;
            dropIdleDownTo(Limits.IDLE_BUFFER_BYTES_MAX);
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

    /** Bytes kept for reuse that can go back to the system. */
    long idleBytes() {
        monitor.lock();
        try {
            return idleBytes;
        } finally {
            monitor.unlock();
        }
    }

    /** All bytes that are kept from the system. */
    long heldBytes() {
        monitor.lock();
        try {
            return byAge.stream().mapToLong(Shelf::heldBytes).sum();
        } finally {
            monitor.unlock();
        }
    }

    private @Nullable ByteBuffer takeHeld(int capacity) {
        monitor.lock();
        try {
            ByteBuffer slice = Slab.hasSlicesOf(capacity) ? takeFrom(slabs, capacity) : null;
            return slice != null ? slice : takeFrom(singlesOf(capacity), capacity);
        } finally {
            monitor.unlock();
        }
    }

    /** With the monitor. */
    private @Nullable ByteBuffer takeFrom(Shelf shelf, int capacity) {
        long before = shelf.idleBytes();
        ByteBuffer buffer = shelf.take(capacity);
        if (buffer != null) {
            idleBytes += shelf.idleBytes() - before;
            outBytes += capacity;
        }
        if (byAge.get(byAge.size() - 1) != shelf) {
            byAge.remove(shelf);
            byAge.add(shelf);
        }
        return buffer;
    }

    private ByteBuffer makeSlice(int capacity) throws NbdException {
        making.lock();
        try {
            ByteBuffer slice = takeHeld(capacity);
            if (slice == null && mayMakeSlab()) {
                slice = makeSlab(capacity);
            }
            if (slice != null) {
                return slice;
            }
        } finally {
            making.unlock();
        }
        return makeSingle(capacity); // Of small pages: slower to read into, but it holds nothing beside itself.
    }

    private boolean mayMakeSlab() {
        monitor.lock();
        try {
            return !slabs.isFull();
        } finally {
            monitor.unlock();
        }
    }

    private @Nullable ByteBuffer makeSlab(int capacity) throws NbdException {
        Slab slab = new Slab(allocate(large, Slab.BYTES));
        monitor.lock();
        try {
            slabs.add(slab);
            idleBytes += Slab.BYTES;
            return takeFrom(slabs, capacity);
        } finally {
            monitor.unlock();
        }
    }

    private ByteBuffer makeSingle(int capacity) throws NbdException {
        ByteBuffer buffer = allocate(capacity > Slab.BYTES ? large : small, capacity);
        monitor.lock();
        try {
            singlesOf(capacity).made();
            outBytes += capacity;
            return buffer;
        } finally {
            monitor.unlock();
        }
    }

    private ByteBuffer allocate(BufferSource source, int bytes) throws NbdException {
        dropIdleFor(bytes);
        try {
            return source.allocate(bytes);
        } catch (OutOfMemoryError e) {
            dropIdleFor(Limits.IDLE_BUFFER_BYTES_MAX); // The virtual machine collects it when asked for memory again.
        }
        try {
            return source.allocate(bytes);
        } catch (OutOfMemoryError e) {
            throw new NbdException(
                    "no memory is left for the buffers of this connection: raise -XX:MaxDirectMemorySize");
        }
    }

    private static ByteBuffer allocateDirect(int capacity) {
        return ByteBuffer.allocateDirect(capacity + Limits.PAGE_BYTES)
                .alignedSlice(Limits.PAGE_BYTES)
                .slice(0, capacity);
    }

    /** Makes room for more among what may lie idle: that has other sizes, or none more would be needed. */
    private void dropIdleFor(long bytes) {
        monitor.lock();
        try {
            dropIdleDownTo(Limits.IDLE_BUFFER_BYTES_MAX - bytes);
        } finally {
            monitor.unlock();
        }
    }

    /** With the monitor. */
    private void dropIdleDownTo(long bytesMax) {
        for (int i = 0; idleBytes > bytesMax; i++) {
            Shelf shelf = byAge.get(i);
            while (idleBytes > bytesMax && shelf.idleBytes() > 0) {
                idleBytes -= shelf.dropOne();
            }
        }
    }

    private SingleBuffers singlesOf(int capacity) {
        return singles.get(shiftFor(capacity) - SMALLEST_SHIFT);
    }

    private static int shiftFor(int lengthBytes) {
        return Math.max(SMALLEST_SHIFT, Integer.SIZE - Integer.numberOfLeadingZeros(lengthBytes - 1));
    }
}
