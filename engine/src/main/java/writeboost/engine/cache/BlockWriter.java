package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;
import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.EntryKind;

/**
 * Puts what a client writes to one block into the log. All methods with the lock of the cached disk.
 *
 * <p>A write of a whole block replaces it. A write of a part merges what older entries and live ranges say of the other
 * sectors; sectors that nobody knows stay invalid, and are on the backing device. A write of a part of a sector needs the rest of
 * that sector, wherever it is.
 */
final class BlockWriter {
    /** What came of it. */
    enum Result {
        DONE,
        /** No room in the log, or no buffer. Nothing was done. */
        NO_ROOM,
        /** The old content must be read from a device first. Nothing was done. */
        NEEDS_BASE,
        /** The old content is lost. Nothing was done. */
        DAMAGED
    }

    private final CacheState state;

    BlockWriter(CacheState state) {
        this.state = state;
    }

    /** Writes a whole block, whose checksum is known. */
    Result writeBlock(long block, ByteBuffer from, int at, int crc) {
        int full = state.fullMask(block);
        int id = state.index.find(block);
        if (state.mayOverwrite(block, id)) {
            state.counters.writeHits++;
            copy(from, at, state.index.bufferOf(id), state.index.dataOf(id), BLOCK_BYTES);
            state.overwrite(id, full, full, crc);
            return Result.DONE;
        }
        ChunkBuffer c = state.log.openForClient();
        if (c == null) {
            return Result.NO_ROOM;
        }
        countWrite(block);
        int data = state.append(c, block, EntryKind.WRITTEN, full, full, crc);
        copy(from, at, c, data, BLOCK_BYTES);
        state.log.added(c);
        return Result.DONE;
    }

    private void countWrite(long block) {
        if (state.lookup(block) == BlockIndex.NONE) {
            state.counters.writeMisses++;
        } else {
            state.counters.writeHits++;
        }
    }

    private static void copy(ByteBuffer from, int at, ChunkBuffer c, int data, int length) {
        c.memory().put(ChunkBuffer.dataAt(data), from, at, length);
    }

    /**
     * Writes bytes {@code start} to {@code end} of a block.
     *
     * @param base what was read before, if anything was
     */
    Result writePart(
            long block, int start, int end, ByteBuffer from, int at, Scratch scratch, Scratch.@Nullable Base base) {
        int touched = sectors(start / SECTOR_BYTES, (end - 1) / SECTOR_BYTES + 1);
        int covered = sectors((start + SECTOR_BYTES - 1) / SECTOR_BYTES, end / SECTOR_BYTES);
        if (end == state.blockBytes(block) && start == 0) {
            covered = touched;
        }
        int id = state.lookup(block);
        boolean usable = base != null && base.block == block && base.id == id && base.stamp == state.stamp(block);
        if (id == CacheState.ZERO) {
            int full = state.fullMask(block);
            return put(block, id, 0, full, full, start, end, from, at, scratch, null);
        }
        int valid = id == BlockIndex.NONE ? 0 : state.index.validOf(id);
        int dirty = id == BlockIndex.NONE ? 0 : state.index.dirtyOf(id);
        if (id != BlockIndex.NONE && (state.index.kindOf(id) == EntryKind.LOST || state.index.isBad(id))) {
            int lost = state.index.kindOf(id) == EntryKind.LOST ? valid : dirty;
            if ((lost & ~covered) != 0) {
                return Result.DAMAGED;
            }
            valid = 0;
            dirty = 0;
        }
        // What must come from a device: all that a durable entry holds beside this write, and the rest of cut sectors.
        int kept = valid & ~covered;
        int missing = (id > 0 ? kept : 0) | (touched & ~covered & ~valid);
        if (missing != 0 && !usable) {
            return Result.NEEDS_BASE;
        }
        if (missing != 0 && base != null) {
            if (base.damaged) {
                return Result.DAMAGED;
            }
            if ((missing & ~base.mask) != 0) {
                return Result.NEEDS_BASE;
            }
        }
        return put(
                block,
                id,
                kept,
                valid | touched,
                dirty | touched,
                start,
                end,
                from,
                at,
                scratch,
                missing != 0 ? base : null);
    }

    /** The sectors from one to before another. */
    private static int sectors(int from, int end) {
        return end <= from ? 0 : (1 << end) - (1 << from);
    }

    private Result put(
            long block,
            int id,
            int kept,
            int valid,
            int dirty,
            int start,
            int end,
            ByteBuffer from,
            int at,
            Scratch scratch,
            Scratch.@Nullable Base base) {
        boolean inPlace = id != CacheState.ZERO && state.mayOverwrite(block, id);
        ChunkBuffer c = inPlace ? state.index.bufferOf(id) : state.log.openForClient();
        if (c == null) {
            return Result.NO_ROOM;
        }
        int data;
        if (inPlace) {
            state.counters.writeHits++;
            data = state.index.dataOf(id);
        } else {
            countWrite(block);
            // Entered first: the old entry may lie in this very buffer, where it stays as it is.
            data = state.append(c, block, EntryKind.WRITTEN, valid, dirty, 0);
            Blocks.zero(c.memory(), ChunkBuffer.dataAt(data), BLOCK_BYTES);
            if (id < 0 && id != CacheState.ZERO) {
                copyKept(id, kept, c, data);
            }
        }
        int to = ChunkBuffer.dataAt(data);
        if (base != null) {
            base.copySectors(base.mask & valid & (id > 0 ? -1 : ~kept), c.memory(), to);
        }
        c.memory().put(to + start, from, at, end - start);
        int crc = scratch.crc.of(c.memory(), to, BLOCK_BYTES);
        if (inPlace) {
            state.overwrite(id, valid, dirty, crc);
        } else {
            c.set(data, valid, dirty, crc);
            state.log.added(c);
        }
        return Result.DONE;
    }

    private void copyKept(int ramId, int kept, ChunkBuffer c, int data) {
        ByteBuffer old = state.index.bufferOf(ramId).memory();
        int oldAt = ChunkBuffer.dataAt(state.index.dataOf(ramId));
        for (int s = 0; s < 8; s++) {
            if ((kept >> s & 1) != 0) {
                c.memory()
                        .put(ChunkBuffer.dataAt(data) + s * SECTOR_BYTES, old, oldAt + s * SECTOR_BYTES, SECTOR_BYTES);
            }
        }
    }
}
