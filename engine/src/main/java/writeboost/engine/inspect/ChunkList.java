package writeboost.engine.inspect;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a log from oldest to its end, one for each seq, in primitive arrays, since a log of small chunks has millions.
 */
final class ChunkList {
    /** What is known of a chunk. */
    enum Source {
        /** Its own header is valid. */
        HEADER,
        /** Its header is gone; it is known from the copy in the next one. */
        COPY,
        /** Both are gone. */
        NONE
    }

    private final long firstSeq;
    private long[] segmentId = new long[1024];
    private int[] place = new int[1024];
    private short[] dataBlocks = new short[1024];
    private final BitSet copies = new BitSet();
    private int size;
    private long @Nullable [] byPlace;

    ChunkList(long firstSeq) {
        this.firstSeq = firstSeq;
    }

    /** Adds the chunk of the next seq. */
    void add(Source from, long itsSegmentId, int itsPlace, int itsDataBlocks) {
        if (size == place.length) {
            segmentId = Arrays.copyOf(segmentId, 2 * size);
            place = Arrays.copyOf(place, 2 * size);
            dataBlocks = Arrays.copyOf(dataBlocks, 2 * size);
        }
        segmentId[size] = itsSegmentId;
        place[size] = itsPlace;
        dataBlocks[size] = (short) itsDataBlocks;
        copies.set(size, from == Source.COPY);
        size++;
        byPlace = null;
    }

    int size() {
        return size;
    }

    long seq(int i) {
        return firstSeq + i;
    }

    /** Its number, or -1. */
    int indexOf(long seq) {
        return seq >= firstSeq && seq < firstSeq + size ? (int) (seq - firstSeq) : -1;
    }

    Source source(int i) {
        if (place[i] < 0) {
            return Source.NONE;
        }
        return copies.get(i) ? Source.COPY : Source.HEADER;
    }

    long segmentId(int i) {
        return segmentId[i];
    }

    /** Position of its header; -1 if it is gone. */
    int place(int i) {
        return place[i];
    }

    int dataBlocks(int i) {
        return dataBlocks[i];
    }

    /** The chunk that holds a position, or -1. */
    int at(int position) {
        long[] sorted = sortedByPlace();
        int k = Arrays.binarySearch(sorted, (long) position << 32 | 0xFFFFFFFFL);
        int before = k >= 0 ? k : -k - 2;
        if (before < 0) {
            return -1;
        }
        int i = (int) sorted[before];
        return position <= place[i] + dataBlocks[i] ? i : -1;
    }

    private long[] sortedByPlace() {
        long[] sorted = byPlace;
        if (sorted == null) {
            sorted = new long[size];
            int n = 0;
            for (int i = 0; i < size; i++) {
                if (place[i] >= 0) {
                    sorted[n++] = (long) place[i] << 32 | i;
                }
            }
            sorted = Arrays.copyOf(sorted, n);
            Arrays.sort(sorted);
            byPlace = sorted;
        }
        return sorted;
    }
}
