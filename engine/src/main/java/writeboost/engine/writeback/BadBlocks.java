package writeboost.engine.writeback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.EntryTable;

/**
 * What becomes of the blocks of a round that can't be moved to the disk: it logs them anew, so that the tail can go on. Damaged
 * ones as lost, those that the disk refuses with their data.
 *
 * <p>Room for that is kept, but not for any number of them, and failed syncs may have taken some of it. So a round is cut short
 * in front of what finds no room: the room for that comes when {@code oldest} has passed what lies before it.
 *
 * <p>Belongs to writeback's task, but for the counter.
 */
final class BadBlocks {
    private final CacheView view;
    private final EntryTable entries;
    private final LostKeeper lost;
    private final Writeback.Listener listener;
    private final ByteBuffer nothing = Blocks.allocate(1);
    private final LongAdder blocksRefused = new LongAdder();

    BadBlocks(CacheView view, EntryTable entries, LostKeeper lost, Writeback.Listener listener) {
        this.view = view;
        this.entries = entries;
        this.lost = lost;
        this.listener = listener;
    }

    /** Blocks that the backing device refused and that were logged anew, since the beginning. Any thread. */
    long refused() {
        return blocksRefused.sum();
    }

    /**
     * Ends the batch early, at the end of a segment, if more of it is damaged, refused or lost than is kept room for. What was
     * written of the rest will be written again.
     *
     * @param bad blocks by index; those that the batch has no more are taken out
     */
    void limit(Batch batch, BitSet... bad) {
        int[] bySegment = new int[batch.slotCount()];
        for (BitSet b : bad) {
            for (int i = b.nextSetBit(0); i >= 0; i = b.nextSetBit(i + 1)) {
                bySegment[batch.slotIndex(batch.position(i))]++;
            }
        }
        for (int i = 0; i < batch.chunkCount(); i++) {
            bySegment[batch.slotIndex(batch.first(i))] += lost.lostIn(batch.first(i), batch.end(i));
        }
        int segments = 1;
        int blocks = bySegment[0];
        while (segments < bySegment.length && blocks + bySegment[segments] <= lost.maxBlocks) {
            blocks += bySegment[segments++];
        }
        batch.keep(segments);
        for (BitSet b : bad) {
            b.clear(batch.size(), Math.max(batch.size(), b.length()));
        }
    }

    /**
     * Logs the bad blocks of a batch anew, durably.
     *
     * @return how many segments of the batch the tail may pass: all, or those before the first block that found no room
     * @throws IOException if that is none
     */
    int logAnew(Batch batch, BitSet damaged, BitSet refused, List<RangeWriter.Refused> unzeroed) throws IOException {
        if (damaged.isEmpty() && refused.isEmpty() && unzeroed.isEmpty()) {
            return batch.slotCount(); // as nearly always
        }
        int[] lostOnes = damaged.stream().toArray();
        int[] kept = refused.stream().toArray();
        int asLost = lost.logAnew(lostOnes.length, i -> logged(batch, batch.position(lostOnes[i]), true));
        int withData = lost.logAnew(kept.length, i -> logged(batch, batch.position(kept[i]), false));
        int asZeros = lost.logAnew(
                unzeroed.size(),
                i -> view.logZeros(unzeroed.get(i).range(), unzeroed.get(i).block()));
        tell(asLost, withData + asZeros);
        int segments = Math.min(segmentsBefore(batch, lostOnes, asLost), segmentsBefore(batch, kept, withData));
        if (asZeros < unzeroed.size()) {
            segments = Math.min(
                    segments, batch.slotIndexOf(unzeroed.get(asZeros).range().seq()));
        }
        if (segments == 0) {
            throw LostKeeper.noRoom();
        }
        return segments;
    }

    /** The segments before the block of which the number is given; all if there is none. */
    private static int segmentsBefore(Batch batch, int[] indexes, int number) {
        return number == indexes.length ? batch.slotCount() : batch.slotIndex(batch.position(indexes[number]));
    }

    private void tell(int damaged, int refused) {
        if (damaged > 0) {
            listener.damaged(
                    damaged,
                    "damaged on the cache device before they were on the disk: they read as errors until overwritten");
        }
        if (refused > 0) {
            blocksRefused.add(refused);
            listener.damaged(refused, "refused by the disk: they stay in the cache");
        }
    }

    private boolean logged(Batch batch, int p, boolean asLost) {
        if (!view.isNewest(p)) {
            return true;
        }
        return asLost
                ? view.logAnew(p, EntryKind.LOST, entries.dirty(p), 0, nothing, 0)
                : view.logAnew(
                        p, EntryKind.REINSERTED, entries.valid(p), entries.dirty(p), batch.data, batch.dataAt(p));
    }
}
