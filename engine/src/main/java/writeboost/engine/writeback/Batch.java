package writeboost.engine.writeback;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.Arrays;
import writeboost.engine.error.Invariant;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Geometry;

/**
 * The chunks that one round of writeback takes, what of them must be written, and their data. Reused from round to
 * round; belongs to writeback's task.
 */
final class Batch {
    private static final int INDEX_BITS = 13;

    /** 1 MiB: about what passes under the head in one turn of the disk. To go back by less costs a turn, forwards a part of one. */
    private static final int FAR_BLOCKS = 256;

    private final Geometry geometry;
    private final int maxSegments;
    private final int[] slots;
    private int slotCount;
    private final int[] position;
    private final long[] sortKey;
    private int size;

    /** The chunks, with seqs from {@link #firstSeq} on: positions of their first data blocks, and those behind their last. */
    private final int[] first;

    private final int[] end;

    /** The blocks of the log, segment by segment as in {@link #slots}. */
    final ByteBuffer data;

    private final ByteBuffer part;

    long firstSeq;
    long lastSeq;

    Batch(Geometry geometry, int maxSegments) {
        this.geometry = geometry;
        this.maxSegments = maxSegments;
        slots = new int[maxSegments];
        position = new int[maxSegments * geometry.segmentBlocks()];
        first = new int[position.length];
        end = new int[position.length];
        sortKey = new long[position.length];
        data = Blocks.allocate(position.length);
        part = data.duplicate();
    }

    void clear(long tail) {
        slotCount = 0;
        size = 0;
        firstSeq = tail + 1;
        lastSeq = tail;
    }

    /**
     * Takes the chunk behind {@link #lastSeq}, if its segment still fits: at most {@code limit} segments.
     *
     * @param firstPosition of its data blocks
     */
    boolean take(int firstPosition, int dataBlocks, int limit) {
        int slot = firstPosition / geometry.segmentBlocks();
        if (slotCount == 0 || slots[slotCount - 1] != slot) {
            if (slotCount == Math.min(limit, maxSegments)) {
                return false;
            }
            slots[slotCount++] = slot;
        }
        first[chunkCount()] = firstPosition;
        end[chunkCount()] = firstPosition + dataBlocks;
        lastSeq++;
        return true;
    }

    int chunkCount() {
        return (int) (lastSeq - firstSeq + 1);
    }

    /** The position of the first data block of the i-th chunk. */
    int first(int i) {
        return first[i];
    }

    /** The position behind the last data block of the i-th chunk. */
    int end(int i) {
        return end[i];
    }

    /** Gives back all but the first segments; what is {@link #sorted} does not count any more. */
    void keep(int segments) {
        if (segments >= slotCount) {
            return;
        }
        slotCount = segments;
        while (slotIndex(first[chunkCount() - 1]) < 0) {
            lastSeq--;
        }
        while (size > 0 && slotIndex(position[size - 1]) < 0) {
            size--;
        }
    }

    /** Which of its segments a position lies in, or -1. */
    int slotIndex(int at) {
        int slot = at / geometry.segmentBlocks();
        for (int k = 0; k < slotCount; k++) {
            if (slots[k] == slot) {
                return k;
            }
        }
        return -1;
    }

    /** Which of its segments a chunk lies in, which must be one of the batch. */
    int slotIndexOf(long seq) {
        return slotIndex(first[(int) (seq - firstSeq)]);
    }

    /** Adds a block of a taken chunk that must be written. */
    void want(int at, long address) {
        position[size] = at;
        sortKey[size] = address << INDEX_BITS | size;
        size++;
    }

    int size() {
        return size;
    }

    int slotCount() {
        return slotCount;
    }

    int position(int i) {
        return position[i];
    }

    /** Where in {@link #data} the block of a position belongs, in bytes. */
    int dataAt(int at) {
        int k = slotIndex(at);
        Invariant.check(k >= 0, "only blocks of the batch are asked for");
        return (k * geometry.segmentBlocks() + at % geometry.segmentBlocks()) * BLOCK_BYTES;
    }

    /** A part of {@link #data}, until the next is asked for. */
    ByteBuffer part(int at, int lengthBytes) {
        return Blocks.part(part, at, lengthBytes);
    }

    /**
     * Orders by address; afterwards {@link #sorted} tells which block comes when. If the blocks lie so far apart that the disk turns
     * further from one to the next, it goes through them upwards or downwards, beginning where its head is nearer.
     *
     * @param head the block where the head is likely to be
     */
    void sort(long head) {
        Arrays.sort(sortKey, 0, size);
        if (size < 2) {
            return;
        }
        long low = sortedAddress(0);
        long high = sortedAddress(size - 1);
        if ((high - low) / (size - 1) > FAR_BLOCKS && Math.abs(high - head) < Math.abs(low - head)) {
            turn();
        }
    }

    /** Downwards, but what lies side by side still upwards, as one write; so do versions of one block, the oldest first. */
    private void turn() {
        reverse(0, size);
        int from = 0;
        for (int i = 1; i <= size; i++) {
            if (i == size || sortedAddress(i - 1) - sortedAddress(i) > 1) {
                reverse(from, i);
                from = i;
            }
        }
    }

    private void reverse(int from, int end) {
        for (int i = from, k = end - 1; i < k; i++, k--) {
            long key = sortKey[i];
            sortKey[i] = sortKey[k];
            sortKey[k] = key;
        }
    }

    /** The address of the i-th block to write. */
    long sortedAddress(int i) {
        return sortKey[i] >> INDEX_BITS;
    }

    /** The index of the i-th block by address. */
    int sorted(int i) {
        return (int) (sortKey[i] & (1 << INDEX_BITS) - 1);
    }
}
