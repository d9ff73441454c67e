package writeboost.engine.writeback;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.CloseReason;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.task.Monitor;

/**
 * One round of writeback: oldest durable chunks -&gt; large reads from the log -&gt; verify -&gt; sort by address, merge
 * neighbours -&gt; write -&gt; ranges in log order -&gt; sync the backing device -&gt; checkpoint.
 *
 * <p>Blocks go before ranges: a block that an undurable successor hides may be older than a durable range of the same
 * round, which must have the last word; what is newer than a range is left out of it.
 *
 * <p>Belongs to writeback's task, but for the counters.
 */
public final class BatchRound {
    /** Refused blocks of one round above which the disk, not a sector, is at fault: the round fails as a whole. */
    private static final int MAX_REFUSED = 32;

    private final Log log;
    private final CacheView view;
    private final BlockDevice backing;
    private final Geometry geometry;
    private final Monitor lock;
    private final EntryTable entries;
    private final Batch batch;
    private final BatchReader reader;
    private final MergedWriter writer;
    private final RangeWriter ranges;
    private final LostKeeper lost;
    private final BadBlocks bad;

    private final LongAdder blocksDone = new LongAdder();

    /** The last chunk of any round so far. */
    private long attemptedThrough;

    /** A sync failed: what was written of the chunks up to here, and is not passed by the tail yet, may never be on the disk. */
    private long doubtfulThrough;

    /** Whether the backing device refused most of what the last round wrote. */
    private boolean mostlyRefused;

    /** Blocks that were refused when the last round had ended. */
    private volatile long refusedBefore;

    /** The block that was written last. */
    private long head;

    /** Where the next chunk to write back is likely to be. */
    private int nextSlot;

    BatchRound(
            Log log,
            CacheView view,
            BlockDevice cache,
            BlockDevice backing,
            Geometry geometry,
            long sizeBytes,
            Monitor lock,
            int maxSegments,
            Writeback.Listener listener) {
        this.log = log;
        this.view = view;
        this.backing = backing;
        this.geometry = geometry;
        this.lock = lock;
        entries = log.entries();
        batch = new Batch(geometry, maxSegments);
        reader = new BatchReader(cache, geometry, entries);
        writer = new MergedWriter(backing, entries);
        ranges = new RangeWriter(backing, view, lock, sizeBytes);
        lost = new LostKeeper(log, view, lock);
        bad = new BadBlocks(view, entries, lost, listener);
    }

    /** Blocks handled since the beginning. Any thread. */
    public long blocksDone() {
        return blocksDone.sum();
    }

    /** Blocks that the backing device refused and that were logged anew, since the beginning. Any thread. */
    public long blocksRefused() {
        return bad.refused();
    }

    /** Bytes read from the cache device since the beginning. Any thread. */
    public long cacheBytesRead() {
        return reader.bytesRead.sum();
    }

    /** Bytes read from the backing device, to complete blocks, since the beginning. Any thread. */
    public long backingBytesRead() {
        return writer.bytesRead.sum();
    }

    /** Bytes written to the backing device since the beginning. Any thread. */
    public long backingBytesWritten() {
        return writer.bytesWritten.sum();
    }

    /** Writes to the backing device since the beginning. Any thread. */
    public long backingWrites() {
        return writer.writes.sum();
    }

    /** Re-logs lost entries before oldest passes them. */
    public LostKeeper lost() {
        return lost;
    }

    /** Whether what is durable and dirty fills a batch. With the lock. */
    boolean fillsBatch(int segments) {
        long first = log.placeOf(log.tail() + 1, nextSlot);
        if (first < 0) {
            return false;
        }
        nextSlot = (int) (first / 256) / geometry.segmentBlocks();
        return log.segments().maxId() - log.segments().idOf(nextSlot) > segments;
    }

    /** Makes everything appended so far durable, so that it may be written back. */
    void makeDurable() throws IOException {
        lock.lock();
        boolean nothingDurable = log.tail() >= log.durable();
        long seq = nothingDurable ? log.close(CloseReason.WRITEBACK) : 0;
        lock.unlock();
        if (nothingDurable) {
            log.awaitDurable(seq);
        }
    }

    /** Whether the backing device refused most of what the last round wrote: the next one had better wait. */
    boolean mostlyRefused() {
        return mostlyRefused;
    }

    /** As {@link #blocksRefused}, without the round that is under way: whoever waits for its end counts what it refuses. Any thread. */
    long blocksRefusedBefore() {
        return refusedBefore;
    }

    /** Does one round, of at most so many segments. */
    void run(int segments, MergedWriter.Paced paced) throws IOException {
        try {
            round(segments, paced);
        } finally {
            refusedBefore = bad.refused();
        }
    }

    private void round(int segments, MergedWriter.Paced paced) throws IOException {
        mostlyRefused = false;
        plan(segments);
        if (batch.chunkCount() == 0) {
            return;
        }
        BitSet damaged = reader.read(batch);
        bad.limit(batch, damaged);
        attemptedThrough = Math.max(attemptedThrough, batch.lastSeq);
        batch.sort(head);
        lock.lock();
        List<RangeEntry> live = new ArrayList<>(view.liveRanges(batch.lastSeq));
        lock.unlock();
        announce(live);
        BitSet refused = writer.write(batch, damaged, blocks -> {
            blocksDone.add(blocks);
            paced.wrote(blocks);
        });
        head = batch.size() == 0 ? head : batch.sortedAddress(batch.size() - 1);
        if (refused.cardinality() > MAX_REFUSED) {
            throw new IOException(backing.name() + " refused " + refused.cardinality() + " blocks of one batch");
        }
        if (!refused.isEmpty()) {
            bad.limit(batch, damaged, refused);
            live.removeIf(r -> r.seq() > batch.lastSeq);
        }
        List<RangeWriter.Refused> unzeroed = ranges.write(live, Math.min(MAX_REFUSED, lost.maxBlocks));
        syncBacking();
        mostlyRefused = refused.cardinality() + unzeroed.size() > batch.size() / 2;
        batch.keep(bad.logAnew(batch, damaged, refused, unzeroed));
        clean();
        lock.lock();
        for (RangeEntry r : live) {
            if (r.seq() <= batch.lastSeq) {
                view.rangeDone(r);
            }
        }
        lock.unlock();
        record(oldestAfter(segments));
    }

    /** Records how far the disk is up to date, and gives room back as far as lost blocks let it. */
    private void record(long newOldest) throws IOException {
        long oldest;
        try {
            oldest = lost.carryBelow(newOldest);
        } catch (IOException e) {
            log.checkpoint(batch.lastSeq, 0, false); // what is on the disk is there, all the same
            throw e;
        }
        log.checkpoint(batch.lastSeq, oldest, false);
    }

    /** Tells the log, durably and before the disk is written, which blocks of its fingerprint will change. */
    private void announce(List<RangeEntry> live) throws IOException {
        boolean tell = false;
        lock.lock();
        try {
            for (int i = 0; i < batch.size(); i++) {
                long block = entries.address(batch.position(i));
                tell |= view.willChange(block, block + 1);
            }
            for (RangeEntry r : live) {
                tell |= view.willChange(r.address(), r.endAddress());
            }
        } finally {
            lock.unlock();
        }
        if (tell) {
            log.checkpoint(0, 0, false);
        }
    }

    /** One that fails counts for all rounds since the last good one: they are written again, also what is superseded by now. */
    private void syncBacking() throws IOException {
        try {
            backing.sync();
        } catch (IOException e) {
            lock.lock();
            doubtfulThrough = attemptedThrough;
            lock.unlock();
            throw e;
        }
    }

    /** Whether the backing device reads as if it held what it may lose at a power cut: a sync of it failed. With the lock. */
    public boolean isDiskDoubtful() {
        return log.tail() < doubtfulThrough;
    }

    /** Gives room back that only clean chunks use: about so many segments of it. */
    void recycle(int segments) throws IOException {
        lock.lock();
        long tail = log.tail();
        lock.unlock();
        log.checkpoint(0, lost.carryBelow(advanced(segments, tail)), false);
    }

    private void plan(int segments) {
        lock.lock();
        long tail = log.tail();
        long durable = log.durable();
        lock.unlock();
        batch.clear(tail);
        int near = nextSlot;
        for (long seq = tail + 1; seq <= durable; seq++) {
            lock.lock();
            try {
                long place = log.placeOf(seq, near);
                int first = (int) (place / 256);
                int dataBlocks = (int) (place % 256);
                if (!batch.take(first, dataBlocks, segments)) {
                    return;
                }
                near = first / geometry.segmentBlocks();
                for (int p = first; p < first + dataBlocks; p++) {
                    if (view.mustWrite(p) || (seq <= doubtfulThrough && view.mayWrite(p))) {
                        batch.want(p, entries.address(p));
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** What was not written is durably superseded by now: all entries of the batch are clean. */
    private void clean() {
        for (int i = 0; i < batch.chunkCount(); i++) {
            lock.lock();
            for (int p = batch.first(i); p < batch.end(i); p++) {
                view.clean(p);
            }
            lock.unlock();
        }
    }

    /** Where oldest goes with this checkpoint: on only if room is short. */
    private long oldestAfter(int segments) {
        lock.lock();
        boolean low = log.clientSegmentsLeft() < 2 * segments;
        long oldest = log.oldest();
        lock.unlock();
        return low ? advanced(segments, batch.lastSeq) : oldest;
    }

    /** The seq at which oldest has passed so many segments, but not the tail. */
    private long advanced(int segments, long tail) {
        lock.lock();
        try {
            long seq = log.oldest();
            int slot = -1;
            for (int passed = 0; seq <= tail; seq++) {
                long place = log.placeOf(seq, Math.max(slot, 0));
                int at = place < 0 ? slot : (int) (place / 256) / geometry.segmentBlocks();
                if (at != slot && passed++ == segments) {
                    return seq;
                }
                slot = at;
            }
            return seq;
        } finally {
            lock.unlock();
        }
    }
}
