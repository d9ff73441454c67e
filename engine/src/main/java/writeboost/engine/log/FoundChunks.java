package writeboost.engine.log;

import java.util.Arrays;
import java.util.BitSet;

/** The headers that a scan found: 30 bytes each, in primitive arrays, since a log of small chunks has millions. */
final class FoundChunks {
    private long[] seq = new long[1024];
    private long[] segmentId = new long[1024];
    private long[] incarnation = new long[1024];
    private int[] place = new int[1024];
    private short[] dataBlocks = new short[1024];
    private final BitSet bySearch = new BitSet();
    private int size;

    void add(ChunkHeader header, int position, boolean foundBySearch) {
        if (size == seq.length) {
            seq = Arrays.copyOf(seq, 2 * size);
            segmentId = Arrays.copyOf(segmentId, 2 * size);
            incarnation = Arrays.copyOf(incarnation, 2 * size);
            place = Arrays.copyOf(place, 2 * size);
            dataBlocks = Arrays.copyOf(dataBlocks, 2 * size);
        }
        seq[size] = header.seq();
        segmentId[size] = header.segmentId();
        incarnation[size] = header.incarnation();
        place[size] = position;
        dataBlocks[size] = (short) header.dataBlocks();
        bySearch.set(size, foundBySearch);
        size++;
    }

    int size() {
        return size;
    }

    long seq(int i) {
        return seq[i];
    }

    int place(int i) {
        return place[i];
    }

    long segmentId(int i) {
        return segmentId[i];
    }

    int dataBlocks(int i) {
        return dataBlocks[i];
    }

    /** Whether it was found by a search, so that its place may lie inside another, older chunk. */
    boolean bySearch(int i) {
        return bySearch.get(i);
    }

    /**
     * The chunks that count: one for each seq from {@code oldest} on, ascending; of several the one of the highest
     * incarnation, then of the highest segment id. Void ones are left out.
     */
    int[] chosen(Incarnations incarnations, long oldest) {
        Integer[] kept = new Integer[size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (seq[i] >= oldest && !incarnations.voids(incarnation[i], seq[i])) {
                kept[n++] = i;
            }
        }
        Arrays.sort(kept, 0, n, this::compare);
        int[] chosen = new int[n];
        int m = 0;
        for (int k = 0; k < n; k++) {
            if (k + 1 == n || seq[kept[k + 1]] != seq[kept[k]]) {
                chosen[m++] = kept[k];
            }
        }
        return Arrays.copyOf(chosen, m);
    }

    private int compare(int a, int b) {
        int bySeq = Long.compare(seq[a], seq[b]);
        int byIncarnation = bySeq != 0 ? bySeq : Long.compare(incarnation[a], incarnation[b]);
        return byIncarnation != 0 ? byIncarnation : Long.compare(segmentId[a], segmentId[b]);
    }
}
