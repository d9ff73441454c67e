package writeboost.engine.cache;

/**
 * How many blocks of each segment are the newest of their address, how many of these are dirty, and how many damaged. The lock of
 * the cached disk guards it.
 */
final class SegmentTally {
    private final int segmentBlocks;
    private final short[] live;
    private final short[] dirty;
    private final short[] damaged;

    SegmentTally(int segments, int segmentBlocks) {
        this.segmentBlocks = segmentBlocks;
        live = new short[segments];
        dirty = new short[segments];
        damaged = new short[segments];
    }

    void live(int position, int change) {
        live[position / segmentBlocks] += (short) change;
    }

    void dirty(int position, int change) {
        dirty[position / segmentBlocks] += (short) change;
    }

    void damaged(int position, int change) {
        damaged[position / segmentBlocks] += (short) change;
    }

    int live(int slot) {
        return live[slot];
    }

    int dirty(int slot) {
        return dirty[slot];
    }

    boolean isDamaged(int slot) {
        return damaged[slot] != 0;
    }
}
