package writeboost.engine.log;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The headers that a scan found: 34 bytes each, in primitive arrays, since a log of small chunks has millions. */
public final class FoundChunks {
    private long[] seq = new long[1024];
    private long[] segmentId = new long[1024];
    private long[] incarnation = new long[1024];
    private int[] place = new int[1024];
    private int[] previousPlace = new int[1024];
    private short[] dataBlocks = new short[1024];
    private final BitSet bySearch = new BitSet();
    private int size;

    /**
     * Adds one.
     *
     * @param previousPosition where the chunk before it lies, as it says; -1 if it knows of none
     */
    void add(ChunkHeader header, int position, int previousPosition, boolean foundBySearch) {
        if (size == seq.length) {
            seq = Arrays.copyOf(seq, 2 * size);
            segmentId = Arrays.copyOf(segmentId, 2 * size);
            incarnation = Arrays.copyOf(incarnation, 2 * size);
            place = Arrays.copyOf(place, 2 * size);
            previousPlace = Arrays.copyOf(previousPlace, 2 * size);
            dataBlocks = Arrays.copyOf(dataBlocks, 2 * size);
        }
        seq[size] = header.seq();
        segmentId[size] = header.segmentId();
        incarnation[size] = header.incarnation();
        place[size] = position;
        previousPlace[size] = previousPosition;
        dataBlocks[size] = (short) header.dataBlocks();
        bySearch.set(size, foundBySearch);
        size++;
    }

    /** How many. */
    public int size() {
        return size;
    }

    /** Seq. */
    public long seq(int i) {
        return seq[i];
    }

    /** Position of the header. */
    public int place(int i) {
        return place[i];
    }

    /** Where the chunk before it lies, as its header says; -1 if it knows of none. */
    int previousPlace(int i) {
        return previousPlace[i];
    }

    /** Id of its segment. */
    public long segmentId(int i) {
        return segmentId[i];
    }

    /** Incarnation that wrote it. */
    public long incarnation(int i) {
        return incarnation[i];
    }

    /** Number of data blocks. */
    public int dataBlocks(int i) {
        return dataBlocks[i];
    }

    /** Whether it was found by a search, so that its place may lie inside another, older chunk. */
    public boolean bySearch(int i) {
        return bySearch.get(i);
    }

    /**
     * The chunks that count: one for each seq from {@code oldest} on, ascending; of several the one of the highest
     * incarnation, then of the highest segment id. Void ones are left out, and of one incarnation those in a lower segment
     * than an earlier seq: they were to be written again behind it, and perhaps were not. Above {@code durable} also those whose
     * predecessor does not lie where they say: it was written again, but never durable, and neither were they.
     */
    int[] chosen(Incarnations incarnations, long oldest, long durable) {
        int[] newest = newest(i -> seq[i] >= oldest && !incarnations.voids(incarnation[i], seq[i]));
        int n = 0;
        long reached = 0;
        for (int k = 0; k < newest.length; k++) {
            int i = newest[k];
            if (k > 0 && incarnation[i] != incarnation[newest[k - 1]]) {
                reached = 0;
            }
            boolean follows = n == 0 || seq[i] - 1 <= durable || fits(newest[n - 1], i);
            if (segmentId[i] >= reached && follows) {
                reached = segmentId[i];
                newest[n++] = i;
            }
        }
        return Arrays.copyOf(newest, n);
    }

    /** Whether the chunk before the second lies where that one says, if the first is that one. */
    private boolean fits(int first, int second) {
        return seq[first] != seq[second] - 1 || previousPlace[second] < 0 || previousPlace[second] == place[first];
    }

    /** As {@link #chosen}, void and outdated ones included: what a header says of the chunk before it stays true. */
    int[] witnesses(long oldest) {
        return newest(i -> seq[i] >= oldest);
    }

    /** Of each seq the one of the highest incarnation and segment id, among those that {@code counts}; by seq. */
    private int[] newest(IntPredicate counts) {
        Integer[] kept = IntStream.range(0, size).filter(counts).boxed().toArray(Integer[]::new);
        Arrays.sort(kept, this::compare);
        int[] newest = new int[kept.length];
        int m = 0;
        for (int k = 0; k < kept.length; k++) {
            if (k + 1 == kept.length || seq[kept[k + 1]] != seq[kept[k]]) {
                newest[m++] = kept[k];
            }
        }
        return Arrays.copyOf(newest, m);
    }

    /** The one with a seq in an array that is ordered by seq, or -1. */
    int find(int[] bySeq, long wanted) {
        int low = 0;
        int high = bySeq.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = seq[bySeq[middle]];
            if (found == wanted) {
                return bySeq[middle];
            } else if (found < wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private int compare(int a, int b) {
        int bySeq = Long.compare(seq[a], seq[b]);
        int byIncarnation = bySeq != 0 ? bySeq : Long.compare(incarnation[a], incarnation[b]);
        return byIncarnation != 0 ? byIncarnation : Long.compare(segmentId[a], segmentId[b]);
    }
}
