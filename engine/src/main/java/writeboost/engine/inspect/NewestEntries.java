package writeboost.engine.inspect;

import java.util.Arrays;
import writeboost.engine.log.EntryTable;

/** The newest entry of each block: an open hash table of positions, whose blocks the entry table knows. */
final class NewestEntries {
    /** Golden ratio: spreads neighbouring blocks. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int EMPTY = -1;

    private final EntryTable entries;
    private final int[] positions;
    private final int shift;
    private int size;

    /** With room for so many entries. */
    NewestEntries(EntryTable entries, long capacity) {
        this.entries = entries;
        int bits = Math.max(4, 64 - Long.numberOfLeadingZeros(capacity + capacity / 2));
        positions = new int[1 << Math.min(30, bits)];
        Arrays.fill(positions, EMPTY);
        shift = 64 - Math.min(30, bits);
    }

    /** Notes an entry that is newer than all before. */
    void put(int position) {
        int i = slotOf(entries.address(position));
        size += positions[i] == EMPTY ? 1 : 0;
        positions[i] = position;
    }

    /** Position of the newest entry of a block, or -1. */
    int find(long address) {
        return positions[slotOf(address)];
    }

    int size() {
        return size;
    }

    private int slotOf(long address) {
        int i = (int) ((address * SPREAD) >>> shift);
        while (positions[i] != EMPTY && entries.address(positions[i]) != address) {
            i = (i + 1) & (positions.length - 1);
        }
        return i;
    }
}
