package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Geometry;

/**
 * Reads single blocks, wherever they are, with care: checks what comes from the cache device, looks again when an entry has
 * changed meanwhile, and tells damage from that. Belongs to one task; blocks on devices.
 */
final class BlockReader {
    /** Looks at an entry that keeps changing before it gives up; each look is a device read. */
    private static final int MAX_LOOKS = 1000;

    /** Reads that must not fit before an unchanged entry counts as damaged: a passing error is none. */
    private static final int MAX_MISFITS = 3;

    private final CacheState state;
    private final BlockDevice cache;
    private final BackingReads backing;
    private final Geometry geometry;
    private final Crc crc = new Crc();
    private final ByteBuffer fromCache = Blocks.allocate(1);
    private final ByteBuffer fromBacking = Blocks.allocate(1);

    BlockReader(CacheState state, BlockDevice cache, BackingReads backing, Geometry geometry) {
        this.state = state;
        this.cache = cache;
        this.backing = backing;
        this.geometry = geometry;
    }

    /**
     * Reads a block.
     *
     * @param wanted sectors that must be right; an error of others is passed over
     * @return whether all wanted sectors could be read
     * @throws IOException if a device refuses
     */
    boolean read(long block, int wanted, ByteBuffer to, int toAt) throws IOException {
        int misfits = 0;
        for (int look = 0; look < MAX_LOOKS; look++) {
            int id;
            int valid = 0;
            int dirty = 0;
            int dataCrc = 0;
            state.lock.lock();
            try {
                id = state.lookup(block);
                if (id == CacheState.ZERO) {
                    Blocks.zero(to, toAt, state.blockBytes(block));
                    return true;
                }
                if (id != BlockIndex.NONE) {
                    valid = state.index.validOf(id);
                    dirty = state.index.dirtyOf(id);
                    if (state.index.kindOf(id) == EntryKind.LOST) {
                        dirty = valid;
                    }
                    if (state.index.kindOf(id) == EntryKind.LOST || state.index.isBad(id)) {
                        if ((dirty & wanted) != 0) {
                            return false;
                        }
                        valid = 0;
                    } else if (id < 0) {
                        state.copyFromRam(id, 0, BLOCK_BYTES, fromCache, 0);
                    } else {
                        dataCrc = state.log.entries().crc(BlockIndex.positionOf(id));
                    }
                }
            } finally {
                state.lock.unlock();
            }
            if (id > 0 && valid != 0 && !readChecked(id, dataCrc)) {
                misfits = isStill(block, id) ? misfits + 1 : 0;
                if (misfits == MAX_MISFITS) {
                    giveUp(block, id);
                }
                continue;
            }
            int full = state.fullMask(block);
            if ((valid & full) != full) {
                readBacking(block);
                if (id != BlockIndex.NONE && !isStill(block, id)) {
                    continue;
                }
            }
            merge(block, valid, to, toAt);
            return true;
        }
        throw new IOException("block " + block + " kept changing while it was read");
    }

    private boolean readChecked(int id, int dataCrc) {
        try {
            cache.read(geometry.byteOffset(BlockIndex.positionOf(id)), fromCache.clear());
        } catch (IOException e) {
            return false;
        }
        state.counters.cacheBytesRead.add(BLOCK_BYTES);
        return crc.of(fromCache, 0, BLOCK_BYTES) == dataCrc;
    }

    private boolean isStill(long block, int id) {
        state.lock.lock();
        try {
            return state.lookup(block) == id;
        } finally {
            state.lock.unlock();
        }
    }

    /** The data of an entry that did not change did not fit, several times: it is damaged. */
    private void giveUp(long block, int id) {
        state.lock.lock();
        try {
            if (state.lookup(block) == id) {
                state.setBad(id);
                state.counters.errors++;
            }
        } finally {
            state.lock.unlock();
        }
    }

    private void readBacking(long block) throws IOException {
        backing.read(block * BLOCK_BYTES, fromBacking.clear().limit(state.blockBytes(block)));
    }

    private void merge(long block, int valid, ByteBuffer to, int toAt) {
        int sectors = state.blockBytes(block) / 512;
        for (int s = 0; s < sectors; s++) {
            to.put(toAt + s * 512, (valid >> s & 1) != 0 ? fromCache : fromBacking, s * 512, 512);
        }
    }

    /**
     * Reads what a partial write needs.
     *
     * @param edges sectors of which the write covers only a part
     */
    void readBase(long block, int edges, Scratch.Base base) throws IOException {
        int id;
        int valid = 0;
        int dataCrc = 0;
        state.lock.lock();
        try {
            id = state.lookup(block);
            base.block = -1;
            base.id = id;
            base.stamp = state.stamp(block);
            base.damaged = false;
            if (id != BlockIndex.NONE && id != CacheState.ZERO) {
                boolean readable = state.index.kindOf(id) != EntryKind.LOST && !state.index.isBad(id);
                valid = readable ? state.index.validOf(id) : 0;
                dataCrc = id > 0 ? state.log.entries().crc(BlockIndex.positionOf(id)) : 0;
            }
        } finally {
            state.lock.unlock();
        }
        base.mask = 0;
        if (id > 0 && valid != 0) {
            boolean fits = false;
            for (int i = 0; i < MAX_MISFITS && !fits; i++) {
                fits = readChecked(id, dataCrc);
            }
            if (!fits) {
                giveUp(block, id);
                return; // the writer looks again: the entry has changed, or is bad now
            }
            base.data.put(0, fromCache, 0, BLOCK_BYTES);
            base.mask = valid;
        }
        int missing = edges & ~valid;
        if (missing != 0) {
            readBacking(block);
            for (int s = 0; s < 8; s++) {
                if ((missing >> s & 1) != 0) {
                    base.data.put(s * 512, fromBacking, s * 512, 512);
                }
            }
            base.mask |= missing;
        }
        base.block = block;
    }
}
