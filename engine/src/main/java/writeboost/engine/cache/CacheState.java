package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;
import static writeboost.engine.log.Geometry.BLOCK_SECTORS;
import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Log;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.task.Monitor;

/**
 * What is known of every block of the disk: the index, the ranges, and what follows from them.
 *
 * <p>Invariants, all under {@link #lock}:
 * <ol>
 *   <li>The index holds the newest entry of every block that the log knows, hidden ones included, until {@code oldest}
 *       has passed it durably.
 *   <li>A block under a live range (above the tail) newer than its entry reads as zeros; under a dead one it is on the backing
 *       device.
 *   <li>{@link #dirtyBlocks} counts the entries of the index that have dirty sectors.
 *   <li>{@link #stamp} of a block changes with every entry of it that is logged: who reads from a device and logs the
 *       result compares before and after.
 * </ol>
 */
final class CacheState {
    /** What {@link #lookup} answers for a block under a live range. */
    static final int ZERO = Integer.MIN_VALUE;

    private static final int STAMPS = 1 << 14;

    final Monitor lock;
    final Log log;
    final BlockIndex index;
    final RangeSet ranges;
    final long sizeBytes;
    final long blocks;
    final Counters counters = new Counters();

    private final int[] stamps = new int[STAMPS];
    private int rangeStamp;

    /** Why nothing at all is served any more, or null. */
    volatile @Nullable String halted;

    /** The disk is away. */
    boolean diskAway;

    /** Why writes are refused while the disk is missing, or must not be used; or null. */
    @Nullable String missing;

    /** The pair is being stopped: nothing new is taken. */
    boolean stopping;

    long dirtyBlocks;
    long lostBlocks;
    long badBlocks;

    final SegmentTally tally;

    CacheState(Monitor lock, Log log, int positions, int segmentBlocks, long sizeBytes) {
        this.lock = lock;
        this.log = log;
        this.sizeBytes = sizeBytes;
        blocks = (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
        index = new BlockIndex(log, positions, segmentBlocks);
        ranges = new RangeSet(positions);
        tally = new SegmentTally(positions / segmentBlocks, segmentBlocks);
    }

    /** The sectors that a block has: all, but for the last block of an odd disk. */
    int fullMask(long block) {
        long sectors = sizeBytes / SECTOR_BYTES - block * BLOCK_SECTORS;
        return sectors >= BLOCK_SECTORS ? 0xFF : (1 << sectors) - 1;
    }

    /** Bytes of a block: 4096, but for the last block of an odd disk. */
    int blockBytes(long block) {
        return (int) Math.min(BLOCK_BYTES, sizeBytes - block * BLOCK_BYTES);
    }

    /** The entry that says what a block holds: its id, or {@link #ZERO}, or {@link BlockIndex#NONE} if it is on the disk. */
    int lookup(long block) {
        int id = index.find(block);
        RangeEntry r = ranges.over(block);
        if (r == null || (id != BlockIndex.NONE && isNewer(id, r))) {
            return id;
        }
        return r.seq() > log.tail() ? ZERO : BlockIndex.NONE;
    }

    private boolean isNewer(int id, RangeEntry r) {
        long seq = index.seqOf(id);
        return seq != r.seq() ? seq > r.seq() : index.dataIndexOf(id) >= r.dataBefore();
    }

    /** Changes whenever something is logged of the block (and, rarely, of others). */
    long stamp(long block) {
        return ((long) rangeStamp << 32) | (stamps[(int) (block % STAMPS)] & 0xFFFFFFFFL);
    }

    /** Whether the entry is in the open chunk, and no later range of it covers the block: it may be overwritten in place. */
    boolean mayOverwrite(long block, int id) {
        if (id >= 0) {
            return false;
        }
        RangeEntry r = ranges.over(block);
        return index.bufferOf(id) == log.open()
                && index.kindOf(id) == EntryKind.WRITTEN
                && (r == null || isNewer(id, r));
    }

    /**
     * Logs an entry of a block in the open chunk {@code c}; the caller then fills the data block and calls {@link
     * Log#added}. Returns the data block.
     */
    int append(ChunkBuffer c, long block, int kind, int valid, int dirty, int crc) {
        int older = index.find(block);
        int data = log.addBlock(c, block, kind, valid, dirty, crc);
        if (older != BlockIndex.NONE) {
            c.setOlder(data, index.seqOf(older), index.dataIndexOf(older), older < 0 ? older : 0);
            left(older);
        }
        index.put(block, index.idOfRam(c, data));
        entered(index.idOfRam(c, data));
        stamps[(int) (block % STAMPS)]++;
        return data;
    }

    /** Overwrites an entry of the open chunk; the caller fills the data block. */
    void overwrite(int ramId, int valid, int dirty, int crc) {
        ChunkBuffer c = index.bufferOf(ramId);
        int data = index.dataOf(ramId);
        dirtyBlocks += (dirty != 0 ? 1 : 0) - (c.dirty(data) != 0 ? 1 : 0);
        c.set(data, valid, dirty, crc);
        stamps[(int) (c.address(data) % STAMPS)]++;
    }

    /** Logs a range in the open chunk. */
    void appendRange(ChunkBuffer c, long block, long lengthBlocks, int kind) {
        ranges.add(new RangeEntry(c.seq(), c.dataBlocks(), block, lengthBlocks, kind), log.tail());
        rangeStamp++;
        log.addRange(c, block, lengthBlocks, kind);
    }

    /** An entry has become the newest of its block. */
    private void entered(int id) {
        count(id, 1);
        if (id > 0) {
            tally(BlockIndex.positionOf(id), 1);
        }
    }

    /** An entry is about to leave the index. */
    private void left(int id) {
        count(id, -1);
        if (id > 0) {
            tally(BlockIndex.positionOf(id), -1);
        }
    }

    private void count(int id, int change) {
        dirtyBlocks += index.dirtyOf(id) != 0 ? change : 0;
        lostBlocks += index.kindOf(id) == EntryKind.LOST ? change : 0;
        badBlocks += index.isBad(id) ? change : 0;
    }

    private void tally(int position, int change) {
        int id = BlockIndex.idOfPosition(position);
        tally.live(position, change);
        tally.dirty(position, index.dirtyOf(id) != 0 ? change : 0);
        tally.damaged(position, index.kindOf(id) == EntryKind.LOST || index.isBad(id) ? change : 0);
    }

    /** The newest entry of a block is on the backing device. */
    void cleaned(int position) {
        left(BlockIndex.idOfPosition(position));
        log.entries().setClean(position);
        entered(BlockIndex.idOfPosition(position));
    }

    /** Replay: a durable chunk. */
    void replayed(long seq, int firstPosition, int dataBlocks, List<RangeEntry> newRanges) {
        int next = 0;
        for (int i = 0; i <= dataBlocks; i++) {
            while (next < newRanges.size() && newRanges.get(next).dataBefore() == i) {
                ranges.add(newRanges.get(next++), log.tail());
            }
            if (i < dataBlocks) {
                int id = BlockIndex.idOfPosition(firstPosition + i);
                long block = index.addressOf(id);
                int older = index.find(block);
                if (older != BlockIndex.NONE) {
                    left(older);
                }
                index.put(block, id);
                entered(id);
            }
        }
    }

    /** A chunk is durable: its entries are at positions now. */
    void promoted(ChunkBuffer c, int firstPosition) {
        for (int i = 0; i < c.dataBlocks(); i++) {
            int id = BlockIndex.idOfPosition(firstPosition + i);
            if (index.replace(c.address(i), index.idOfRam(c, i), id)) {
                tally(firstPosition + i, 1);
            }
        }
    }

    /** Oldest has passed a chunk. */
    void evicted(int firstPosition, int dataBlocks) {
        for (int i = 0; i < dataBlocks; i++) {
            int id = BlockIndex.idOfPosition(firstPosition + i);
            long block = index.addressOf(id);
            if (index.find(block) == id) {
                left(id);
                index.remove(block, id);
            }
        }
    }

    /** The data of a durable entry can't be read. */
    void setBad(int id) {
        if (!index.isBad(id)) {
            left(id);
            log.entries().setBad(BlockIndex.positionOf(id));
            entered(id);
        }
    }

    /** Whether the block has a durable entry newer than the given place in the log. */
    boolean hasDurableNewer(long block, long seq, int dataIndex) {
        int id = index.find(block);
        if (id == BlockIndex.NONE) {
            return false;
        }
        long newestSeq = index.seqOf(id);
        int newestData = index.dataIndexOf(id);
        while (newestSeq > log.durable()) {
            ChunkBuffer c = index.bufferOf(id);
            int data = index.dataOf(id);
            newestSeq = c.olderSeq(data);
            newestData = c.olderData(data);
            id = c.olderRam(data);
        }
        return newestSeq != seq ? newestSeq > seq : newestData > dataIndex;
    }

    /** Whether a durable range newer than the given place covers the block. */
    boolean hasDurableRange(long block, long seq, int dataIndex) {
        RangeEntry r = ranges.over(block);
        return r != null && r.seq() <= log.durable() && (r.seq() != seq ? r.seq() > seq : r.dataBefore() > dataIndex);
    }

    /**
     * Whether the log holds something of a block that the disk does not have, or has only perhaps: it may have been written there
     * before a sync that failed, also in an earlier opening.
     */
    boolean isUnsettled(long block) {
        int id = index.find(block);
        RangeEntry r = ranges.over(block);
        boolean waits = id != BlockIndex.NONE && (index.dirtyOf(id) != 0 || index.kindOf(id) == EntryKind.LOST);
        return waits || (r != null && r.seq() > log.tail());
    }

    /** Copies a block of RAM. */
    void copyFromRam(int ramId, int from, int length, ByteBuffer to, int toAt) {
        ByteBuffer memory = index.bufferOf(ramId).memory();
        to.put(toAt, memory, ChunkBuffer.dataAt(index.dataOf(ramId)) + from, length);
    }

    /** Why clients' writes fail, or null. */
    @Nullable String refusesWrites() {
        if (stopping) {
            return "the pair is being stopped";
        }
        return missing != null ? missing : log.broken();
    }
}
