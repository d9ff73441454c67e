package writeboost.engine.log;

import writeboost.engine.error.Invariant;

/**
 * Which chunks lie in which segment, for the chunks from {@code oldest} on that are written.
 *
 * <p>Invariants: the live chunks of a segment are consecutive in seq and ascend in place (a chunk that is written again goes to
 * another segment, with all that follow); a slot is free when no chunk that was ever written to it has a seq at or above
 * {@code oldest}, and it is not the one being written.
 *
 * <p>The log's lock guards it.
 */
public final class SegmentTable {
    private final Geometry geometry;
    private final long[] id;
    private final long[] firstSeq;
    private final long[] headersLow;
    private final long[] headersHigh;
    private final short[] usedBlocks;
    /** The highest seq that was ever written to the slot; 0 if none. */
    private final long[] usedThrough;

    private long oldest = 1;
    private long currentId;
    private long maxId;
    private int freeSegments;

    SegmentTable(Geometry geometry) {
        this.geometry = geometry;
        id = new long[geometry.segments()];
        firstSeq = new long[geometry.segments()];
        headersLow = new long[geometry.segments()];
        headersHigh = new long[geometry.segments()];
        usedBlocks = new short[geometry.segments()];
        usedThrough = new long[geometry.segments()];
        freeSegments = geometry.segments();
    }

    private boolean isFree(int slot) {
        return usedThrough[slot] < oldest && (currentId == 0 || geometry.slotOf(currentId) != slot);
    }

    /** Segments that may be begun. */
    public int freeSegments() {
        return freeSegments;
    }

    /** The segment being written, or 0. */
    public long currentId() {
        return currentId;
    }

    /** The highest id that was ever used. */
    public long maxId() {
        return maxId;
    }

    void setMaxId(long newMaxId) {
        maxId = Math.max(maxId, newMaxId);
    }

    /** Begins the next free segment; its slot must exist. Returns its id, or 0 if none is free. */
    long beginSegment() {
        abandonCurrent();
        for (long i = maxId + 1; i <= maxId + geometry.segments(); i++) {
            int slot = geometry.slotOf(i);
            if (isFree(slot)) {
                currentId = i;
                maxId = i;
                id[slot] = i;
                firstSeq[slot] = 0;
                headersLow[slot] = 0;
                headersHigh[slot] = 0;
                usedBlocks[slot] = 0;
                usedThrough[slot] = 0;
                freeSegments--;
                return i;
            }
        }
        return 0;
    }

    /** Nothing more is written to the current segment. */
    void abandonCurrent() {
        if (currentId == 0) {
            return;
        }
        int slot = geometry.slotOf(currentId);
        currentId = 0;
        if (isFree(slot)) {
            freeSegments++;
        }
    }

    /** Notes that a write of the chunk to the slot has begun: its room is used, whatever comes of it. */
    void use(int slot, long seq) {
        boolean wasFree = isFree(slot);
        usedThrough[slot] = Math.max(usedThrough[slot], seq);
        if (wasFree && !isFree(slot)) {
            freeSegments--;
        }
    }

    /** Whether a chunk that a device tells of can be where it says: behind the last one of its segment, if there is one. */
    boolean mayAdd(long segmentId, int offset, long seq) {
        int slot = geometry.slotOf(segmentId);
        boolean follows = id[slot] == segmentId && seq == lastSeq(slot) + 1 && offset >= usedBlocks[slot];
        return follows || headerCount(slot) == 0;
    }

    /** Adds a chunk that was written. */
    void add(long segmentId, int offset, int dataBlocks, long seq) {
        int slot = geometry.slotOf(segmentId);
        if (id[slot] != segmentId || headerCount(slot) == 0) {
            id[slot] = segmentId;
            firstSeq[slot] = seq;
            headersLow[slot] = 0;
            headersHigh[slot] = 0;
            usedBlocks[slot] = 0;
        }
        Invariant.check(firstSeq[slot] + headerCount(slot) == seq, "the chunks of a segment are consecutive");
        if (offset < 64) {
            headersLow[slot] |= 1L << offset;
        } else {
            headersHigh[slot] |= 1L << (offset - 64);
        }
        usedBlocks[slot] = (short) Math.max(usedBlocks[slot], offset + 1 + dataBlocks);
        use(slot, seq);
    }

    /** Takes away all chunks from a seq on: they will be written elsewhere. Their room stays used. */
    void removeFrom(long seq) {
        for (int slot = 0; slot < id.length; slot++) {
            while (headerCount(slot) > 0 && firstSeq[slot] + headerCount(slot) > seq) {
                dropLast(slot);
            }
        }
    }

    /** Gives back all room that only chunks before {@code newOldest} use; they must be out of the index. */
    void release(long newOldest) {
        int free = 0;
        oldest = newOldest;
        for (int slot = 0; slot < id.length; slot++) {
            while (headerCount(slot) > 0 && firstSeq[slot] < newOldest) {
                dropFirst(slot);
            }
            free += isFree(slot) ? 1 : 0;
        }
        freeSegments = free;
    }

    private void dropLast(int slot) {
        long bit;
        if (headersHigh[slot] != 0) {
            bit = Long.highestOneBit(headersHigh[slot]);
            headersHigh[slot] ^= bit;
            usedBlocks[slot] = (short) (64 + Long.numberOfTrailingZeros(bit));
        } else {
            bit = Long.highestOneBit(headersLow[slot]);
            headersLow[slot] ^= bit;
            usedBlocks[slot] = (short) Long.numberOfTrailingZeros(bit);
        }
    }

    private void dropFirst(int slot) {
        if (headersLow[slot] != 0) {
            headersLow[slot] &= headersLow[slot] - 1;
        } else {
            headersHigh[slot] &= headersHigh[slot] - 1;
        }
        firstSeq[slot]++;
    }

    /** Live chunks of a segment; each has one header block. */
    public int headerCount(int slot) {
        return Long.bitCount(headersLow[slot]) + Long.bitCount(headersHigh[slot]);
    }

    /** Bits of the offsets up to this one, in the low word. */
    private static long lowUpTo(int offset) {
        return offset >= 63 ? -1L : (1L << (offset + 1)) - 1;
    }

    /** Bits of the offsets up to this one, in the high word. */
    private static long highUpTo(int offset) {
        if (offset < 64) {
            return 0;
        }
        return offset >= 127 ? -1L : (1L << (offset - 63)) - 1;
    }

    /** Seq of the chunk that holds a position, which must be that of a live data block. */
    public long seqOf(int position) {
        int slot = position / geometry.segmentBlocks();
        int offset = position % geometry.segmentBlocks();
        int headers =
                Long.bitCount(headersLow[slot] & lowUpTo(offset)) + Long.bitCount(headersHigh[slot] & highUpTo(offset));
        return firstSeq[slot] + headers - 1;
    }

    /** Which data block of its chunk a position is, from 0. */
    public int dataIndexOf(int position) {
        int slot = position / geometry.segmentBlocks();
        int offset = position % geometry.segmentBlocks();
        long high = headersHigh[slot] & highUpTo(offset);
        int header = high != 0
                ? 127 - Long.numberOfLeadingZeros(high)
                : 63 - Long.numberOfLeadingZeros(headersLow[slot] & lowUpTo(offset));
        return offset - header - 1;
    }

    /** The slot that holds a chunk, searched from a slot on, or -1. */
    int slotOf(long seq, int from) {
        for (int i = 0; i < id.length; i++) {
            int slot = from + i < id.length ? from + i : from + i - id.length;
            if (seq >= firstSeq[slot] && seq < firstSeq[slot] + headerCount(slot)) {
                return slot;
            }
        }
        return -1;
    }

    /** The offset of a chunk's header in its slot. */
    int offsetOf(long seq, int slot) {
        long low = headersLow[slot];
        long high = headersHigh[slot];
        for (long i = firstSeq[slot]; i < seq; i++) {
            if (low != 0) {
                low &= low - 1;
            } else {
                high &= high - 1;
            }
        }
        return low != 0 ? Long.numberOfTrailingZeros(low) : 64 + Long.numberOfTrailingZeros(high);
    }

    /** Where the chunk at an offset of a slot ends: at the next live header, or at the end of what was written. */
    int endOf(int slot, int offset) {
        long low = headersLow[slot] & ~lowUpTo(offset);
        if (low != 0) {
            return Long.numberOfTrailingZeros(low);
        }
        long high = headersHigh[slot] & ~highUpTo(offset);
        return high != 0 ? 64 + Long.numberOfTrailingZeros(high) : usedBlocks[slot];
    }

    /** Id of the segment in a slot, or 0. */
    public long idOf(int slot) {
        return id[slot];
    }

    /** Blocks of a slot that were written. */
    public int usedBlocks(int slot) {
        return usedBlocks[slot];
    }

    /** Whether a slot holds a live chunk. */
    public boolean isLive(int slot) {
        return headerCount(slot) > 0;
    }

    /** Whether a position is that of the header or of the data of a live chunk. */
    boolean isInLiveChunk(int position) {
        int slot = position / geometry.segmentBlocks();
        int offset = position % geometry.segmentBlocks();
        return isLive(slot) && offset >= offsetOf(firstSeq[slot], slot) && offset < usedBlocks[slot];
    }

    /** Seq of the first live chunk of a slot. */
    public long firstSeq(int slot) {
        return firstSeq[slot];
    }

    /** Seq of the last live chunk of a slot. */
    public long lastSeq(int slot) {
        return firstSeq[slot] + headerCount(slot) - 1;
    }

    /** Number of segments. */
    public int capacitySegments() {
        return id.length;
    }

    /** Blocks of a segment. */
    public int segmentBlocks() {
        return geometry.segmentBlocks();
    }

    Geometry geometry() {
        return geometry;
    }
}
