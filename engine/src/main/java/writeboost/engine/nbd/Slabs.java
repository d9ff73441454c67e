package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.nbd.Slab.Slice;

/**
 * The slabs of a {@link BufferPool}.
 *
 * <p>Invariants: a slab lies idle when nothing of it is out, and only then and only as a whole does it go back to the system;
 * there are never more slabs than {@link Limits#SLAB_BYTES_MAX}. A slice comes from the fullest slab that has room for it,
 * so that others become idle.
 */
final class Slabs implements Shelf {
    private final List<Slab> slabs = new ArrayList<>();
    /** Every slice of every slab, out or not: found by the very buffer that was lent. */
    private final IdentityHashMap<ByteBuffer, Slice> slices = new IdentityHashMap<>();

    private int idle;

    /** Whether no more may be added. */
    boolean isFull() {
        return heldBytes() + Slab.BYTES > Limits.SLAB_BYTES_MAX;
    }

    void add(Slab slab) {
        slabs.add(slab);
        slab.forEach(slice -> slices.put(slice.buffer(), slice));
        idle++;
    }

    /** Whether this buffer is a slice of one of the slabs. */
    boolean has(ByteBuffer buffer) {
        return slices.containsKey(buffer);
    }

    @Override
    public @Nullable ByteBuffer take(int capacity) {
        Slice best = null;
        for (int i = 0; i < slabs.size(); i++) { // An iterator would be an object for each request.
            Slice slice = slabs.get(i).find(capacity);
            if (slice != null
                    && (best == null || slice.slab().outBytes() > best.slab().outBytes())) {
                best = slice;
            }
        }
        if (best == null) {
            return null;
        }
        if (best.slab().outBytes() == 0) {
            idle--;
        }
        best.take();
        return best.buffer();
    }

    @Override
    public void give(ByteBuffer buffer) {
        Slice slice = slices.get(buffer);
        if (slice == null) {
            throw new IllegalArgumentException("no slice of these slabs");
        }
        slice.give();
        if (slice.slab().outBytes() == 0) {
            idle++;
        }
    }

    @Override
    public int dropOne() {
        int i = slabs.size() - 1;
        while (slabs.get(i).outBytes() > 0) {
            i--;
        }
        slabs.remove(i).forEach(slice -> slices.remove(slice.buffer()));
        idle--;
        return Slab.BYTES;
    }

    @Override
    public long idleBytes() {
        return (long) idle * Slab.BYTES;
    }

    @Override
    public long heldBytes() {
        return (long) slabs.size() * Slab.BYTES;
    }
}
