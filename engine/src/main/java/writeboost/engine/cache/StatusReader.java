package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import writeboost.engine.disk.Disk;
import writeboost.engine.disk.Disk.StatusContext;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.RangeEntry;

/** Tells the state of ranges of the disk as extents, from memory. */
final class StatusReader {
    /** Blocks that are looked up under one lock. */
    private static final int PIECE_BLOCKS = 4096;

    private static final int ZERO = 2;
    private static final int HOLE_AND_ZERO = 3;
    private static final int CLEAN = 1;
    private static final int DIRTY = 2;

    private StatusReader() {}

    static void read(
            CacheState state, StatusContext context, long offset, long length, int maxExtents, Disk.ExtentSink sink) {
        long end = offset + length;
        long extentStart = offset;
        int extentState = -1;
        int extents = 0;
        long at = offset;
        while (at < end) {
            long pieceEnd = Math.min(end, (at / BLOCK_BYTES + PIECE_BLOCKS) * BLOCK_BYTES);
            state.lock.lock();
            try {
                while (at < pieceEnd) {
                    int now = of(state, context, at / BLOCK_BYTES);
                    if (now != extentState) {
                        if (extentState >= 0) {
                            sink.extent(at - extentStart, extentState);
                            extents++;
                            if (extents == maxExtents) {
                                return;
                            }
                        }
                        extentStart = at;
                        extentState = now;
                    }
                    at = Math.min(pieceEnd, next(state, at / BLOCK_BYTES) * BLOCK_BYTES);
                }
            } finally {
                state.lock.unlock();
            }
        }
        sink.extent(end - extentStart, extentState);
    }

    /** The next block that may differ: far away where nothing at all is known. */
    private static long next(CacheState state, long block) {
        if (state.index.size() == 0) {
            return Math.max(block + 1, Math.min(state.blocks, state.ranges.sameUntil(block)));
        }
        return block + 1;
    }

    private static int of(CacheState state, StatusContext context, long block) {
        int id = state.lookup(block);
        if (id == CacheState.ZERO) {
            return context == StatusContext.ALLOCATION ? zeros(state, block) : DIRTY;
        }
        if (context == StatusContext.ALLOCATION || id == BlockIndex.NONE) {
            return 0;
        }
        // A lost block is not on the disk either: it must not be called clean.
        boolean clean = state.index.dirtyOf(id) == 0 && state.index.kindOf(id) != EntryKind.LOST;
        return clean ? CLEAN : DIRTY;
    }

    private static int zeros(CacheState state, long block) {
        RangeEntry range = state.ranges.over(block);
        return range != null && range.kind() == EntryKind.ZERO_NO_HOLE ? ZERO : HOLE_AND_ZERO;
    }
}
