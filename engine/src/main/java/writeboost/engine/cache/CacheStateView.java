package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.List;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.writeback.CacheView;

/** The cached disk as writeback sees it. */
final class CacheStateView implements CacheView {
    private final CacheState state;
    private final EntryTable entries;
    private final Crc crc = new Crc();

    CacheStateView(CacheState state) {
        this.state = state;
        entries = state.log.entries();
    }

    @Override
    public boolean mayWrite(int position) {
        return entries.dirty(position) != 0 && entries.kind(position) != EntryKind.LOST;
    }

    @Override
    public boolean mustWrite(int position) {
        if (!mayWrite(position)) {
            return false;
        }
        long block = entries.address(position);
        int id = BlockIndex.idOfPosition(position);
        long seq = state.index.seqOf(id);
        int data = state.index.dataIndexOf(id);
        boolean newest = state.index.find(block) == id;
        return (newest || !state.hasDurableNewer(block, seq, data)) && !state.hasDurableRange(block, seq, data);
    }

    @Override
    public boolean isNewerThan(RangeEntry range, long block) {
        return state.hasDurableNewer(block, range.seq(), range.dataBefore() - 1);
    }

    @Override
    public boolean willChange(long fromBlock, long endBlock) {
        return state.log.fingerprintForgets(fromBlock, endBlock, state.sizeBytes);
    }

    @Override
    public void clean(int position) {
        long block = entries.address(position);
        boolean newest = state.index.find(block) == BlockIndex.idOfPosition(position);
        if (entries.dirty(position) != 0) {
            if (newest) {
                state.cleaned(position);
            } else {
                entries.setClean(position);
            }
            // A hidden entry never went to the backing device; the range that hides it did, or will.
            boolean known = newest && isNewest(position) && entries.valid(position) == 0xFF;
            if (known) {
                state.log.fingerprint(block, state.sizeBytes, entries.crc(position));
            } else {
                willChange(block, block + 1);
            }
        }
    }

    @Override
    public void rangeDone(RangeEntry range) {
        willChange(range.address(), range.endAddress());
    }

    @Override
    public List<RangeEntry> liveRanges(long upToSeq) {
        return state.ranges.liveUpTo(upToSeq);
    }

    @Override
    public boolean isNewest(int position) {
        return state.lookup(entries.address(position)) == BlockIndex.idOfPosition(position);
    }

    @Override
    public boolean logAnew(int position, int kind, int valid, int dirty, ByteBuffer data, int dataAt) {
        ChunkBuffer c = state.log.openForWriteback();
        if (c == null) {
            return false;
        }
        int newData = state.append(c, entries.address(position), kind, valid, dirty, crc.of(data, dataAt, BLOCK_BYTES));
        c.memory().put(ChunkBuffer.dataAt(newData), data, dataAt, BLOCK_BYTES);
        state.log.added(c);
        return true;
    }

    @Override
    public boolean logZeros(RangeEntry range, long block) {
        if (!range.equals(state.ranges.over(block)) || state.lookup(block) != CacheState.ZERO) {
            return true;
        }
        ChunkBuffer c = state.log.openForWriteback();
        if (c == null) {
            return false;
        }
        int data = state.append(c, block, EntryKind.REINSERTED, 0xFF, 0xFF, Scratch.ZERO_CRC);
        Blocks.zero(c.memory(), ChunkBuffer.dataAt(data), BLOCK_BYTES);
        state.log.added(c);
        return true;
    }

    @Override
    public long dirtyBlocks() {
        return state.dirtyBlocks;
    }
}
