package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of memory that is lent in slices of 512 KiB to 8 MiB, of mixed sizes. For one thread at a time.
 *
 * <p>Invariants: slices that are out do not overlap; a slice lies at a multiple of its size, so that one of up to 2 MiB lies in
 * one large page if the slab begins at one. All slices are made with the slab: lending them allocates nothing.
 */
final class Slab {
    /**
     * Four large pages. The source asks for one more in order to begin at one: here a quarter more, with slabs of 4 MiB
     * a half. Larger ones would lie half empty more often.
     */
    static final int BYTES = 8 << 20;

    /** Shorter ones are one request to most devices even in small pages: 256 KiB are 64 of them. */
    static final int SLICE_BYTES_MIN = 512 << 10;

    /** The whole slab, its halves, its quarters and so on; a size that fits n times has n - 1 slices before it. */
    private final Slice[] slices = new Slice[2 * (BYTES / SLICE_BYTES_MIN) - 1];

    /** A bit for each 512 KiB that is out. */
    private int out;

    Slab(ByteBuffer memory) {
        int next = 0;
        for (int capacity = BYTES; capacity >= SLICE_BYTES_MIN; capacity /= 2) {
            for (int at = 0; at < BYTES; at += capacity) {
                int bits = ((1 << (capacity / SLICE_BYTES_MIN)) - 1) << (at / SLICE_BYTES_MIN);
                slices[next++] = new Slice(this, memory.slice(at, capacity), bits);
            }
        }
    }

    /** Whether slabs have slices of this capacity, a power of two. */
    static boolean hasSlicesOf(int capacity) {
        return capacity >= SLICE_BYTES_MIN && capacity <= BYTES;
    }

    /** A slice that overlaps nothing that is out; null if there is none. It is not out yet. */
    @Nullable Slice find(int capacity) {
        int count = BYTES / capacity;
        for (int i = count - 1; i < 2 * count - 1; i++) {
            if ((out & slices[i].bits) == 0) {
                return slices[i];
            }
        }
        return null;
    }

    int outBytes() {
        return Integer.bitCount(out) * SLICE_BYTES_MIN;
    }

    void forEach(Consumer<Slice> action) {
        for (Slice slice : slices) {
            action.accept(slice);
        }
    }

    /** A part of a slab. */
    record Slice(Slab slab, ByteBuffer buffer, int bits) {
        void take() {
            slab.out |= bits;
        }

        void give() {
            slab.out &= ~bits;
        }
    }
}
