package writeboost.engine.cache;

import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.Log;
import writeboost.engine.log.SegmentTable;

/**
 * Finds the newest entry of a block: a hash table of ints with linear probing. The entries themselves lie in the log's entry
 * table and RAM buffers, so a block of capacity costs 16/3 bytes here and 12 there.
 *
 * <p>An <i>id</i> names an entry: position + 1 for one whose chunk is durable, negative for one in a RAM buffer, 0 for none.
 *
 * <p>Invariants: a block has at most one id; the id of a RAM entry is replaced before its buffer is reused, that of a
 * position is removed before its room is. The lock of the cached disk guards it.
 */
final class BlockIndex {
    /** No entry. */
    static final int NONE = 0;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Log log;
    private final SegmentTable segments;
    private final int segmentBlocks;
    private final int[] table;
    private int size;

    BlockIndex(Log log, int positions, int segmentBlocks) {
        this.log = log;
        this.segmentBlocks = segmentBlocks;
        segments = log.segments();
        long entries = (long) positions + (long) log.buffers() * segmentBlocks;
        table = new int[(int) Math.min(Integer.MAX_VALUE - 8, entries * 4 / 3 + 16)];
    }

    static int positionOf(int id) {
        return id - 1;
    }

    static int idOfPosition(int position) {
        return position + 1;
    }

    int idOfRam(ChunkBuffer chunk, int data) {
        return -(Log.indexOf(chunk) * segmentBlocks + data + 1);
    }

    ChunkBuffer bufferOf(int ramId) {
        return log.buffer((-ramId - 1) / segmentBlocks);
    }

    int dataOf(int ramId) {
        return (-ramId - 1) % segmentBlocks;
    }

    long addressOf(int id) {
        return id > 0 ? log.entries().address(id - 1) : bufferOf(id).address(dataOf(id));
    }

    int kindOf(int id) {
        return id > 0 ? log.entries().kind(id - 1) : bufferOf(id).kind(dataOf(id));
    }

    int validOf(int id) {
        return id > 0 ? log.entries().valid(id - 1) : bufferOf(id).valid(dataOf(id));
    }

    int dirtyOf(int id) {
        return id > 0 ? log.entries().dirty(id - 1) : bufferOf(id).dirty(dataOf(id));
    }

    boolean isBad(int id) {
        return id > 0 && log.entries().isBad(id - 1);
    }

    long seqOf(int id) {
        return id > 0 ? segments.seqOf(id - 1) : bufferOf(id).seq();
    }

    int dataIndexOf(int id) {
        return id > 0 ? segments.dataIndexOf(id - 1) : dataOf(id);
    }

    /** Number of blocks that have an entry. */
    int size() {
        return size;
    }

    /** The newest entry of a block, or {@link #NONE}. */
    int find(long address) {
        for (int i = slot(address); ; i = next(i)) {
            int id = table[i];
            if (id == NONE || addressOf(id) == address) {
                return id;
            }
        }
    }

    /** Makes {@code id}, whose entry holds the address already, the entry of its block. */
    void put(long address, int id) {
        int i = slot(address);
        while (table[i] != NONE && addressOf(table[i]) != address) {
            i = next(i);
        }
        if (table[i] == NONE) {
            size++;
        }
        table[i] = id;
    }

    /** Replaces {@code from} by {@code to}, both of the same block, if {@code from} is its newest entry. */
    boolean replace(long address, int from, int to) {
        for (int i = slot(address); table[i] != NONE; i = next(i)) {
            if (table[i] == from) {
                table[i] = to;
                return true;
            }
        }
        return false;
    }

    /** Removes {@code id} if it is the newest entry of its block. */
    boolean remove(long address, int id) {
        for (int i = slot(address); table[i] != NONE; i = next(i)) {
            if (table[i] == id) {
                close(i);
                size--;
                return true;
            }
        }
        return false;
    }

    /** Moves later entries of the cluster up, so that none is cut off by the hole. */
    private void close(int hole) {
        int i = hole;
        for (int j = next(i); table[j] != NONE; j = next(j)) {
            int home = slot(addressOf(table[j]));
            boolean reachable = i <= j ? i < home && home <= j : i < home || home <= j;
            if (!reachable) {
                table[i] = table[j];
                i = j;
            }
        }
        table[i] = NONE;
    }

    private int slot(long address) {
        long hash = (address * GOLDEN) >>> 32;
        return (int) ((hash * table.length) >>> 32);
    }

    private int next(int i) {
        return i + 1 == table.length ? 0 : i + 1;
    }
}
