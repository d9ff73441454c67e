package writeboost.engine.log;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import writeboost.engine.error.EngineException;

/**
 * Replay's answer to chunks up to durable whose header is gone: each is known from the copy in the header of the chunk
 * after it. Who asks is told of those that have no copy either, and judges.
 *
 * <p>A header that does not count any more is as good a witness of the chunk before it as one that does: otherwise a
 * chunk that was mended by a torn successor would be gone at the next opening, which has made the successor void.
 */
final class GapMender {
    private final LogScanner scanner;
    private final FoundChunks found;
    private final Loss loss;
    private final TreeMap<Long, ChunkHeader.Previous> mended = new TreeMap<>();
    private final int[] witnesses;

    /** Is told of chunks that are gone with their copies, by seq. */
    @FunctionalInterface
    interface Loss {
        /**
         * One is gone.
         *
         * @throws EngineException to end it all
         */
        void isGone(long seq) throws EngineException;
    }

    GapMender(LogScanner scanner, Loss loss) {
        this.scanner = scanner;
        this.loss = loss;
        found = scanner.found;
        witnesses = found.witnesses(scanner.marks.oldest());
    }

    /**
     * Finds the copies of what is missing among the chunks that count.
     *
     * @throws EngineException as the loss does
     */
    void mend(int[] chosen) throws EngineException {
        long expected = scanner.marks.oldest();
        int before = -1;
        for (int i : chosen) {
            for (long gap = expected; gap < found.seq(i) && gap <= scanner.marks.durable(); gap++) {
                mendGap(gap);
            }
            if (before >= 0 && found.seq(before) == found.seq(i) - 1) {
                preferPlaceOnRecord(before, i);
            }
            before = i;
            expected = found.seq(i) + 1;
        }
        for (long gap = expected; gap <= scanner.marks.durable(); gap++) {
            mendGap(gap);
        }
    }

    /** All that are known by their copies, by seq. */
    Map<Long, ChunkHeader.Previous> mended() {
        return mended;
    }

    /** The copy by which a chunk is known, or null if its own header counts. */
    ChunkHeader.@Nullable Previous copyOf(long seq) {
        return mended.get(seq);
    }

    /**
     * A chunk that was written again, and whose newer header is gone, was found where it was written first; its data there
     * may be what a failed sync lost. The chunk after it knows better.
     */
    private void preferPlaceOnRecord(int i, int after) {
        int onRecord = found.previousPlace(after);
        if (onRecord >= 0 && onRecord != found.place(i) && found.seq(i) <= scanner.marks.durable()) {
            mendFrom(found.seq(i), after);
        }
    }

    private void mendGap(long gap) throws EngineException {
        int after = found.find(witnesses, gap + 1);
        if (after < 0 || found.previousPlace(after) < 0 || !mendFrom(gap, after)) {
            loss.isGone(gap);
        }
    }

    private boolean mendFrom(long seq, int after) {
        ChunkHeader.Previous copy = scanner.readHeader(found.place(after))
                .map(ChunkHeader::previous)
                .orElse(null);
        if (copy == null || scanner.incarnations.voids(copy.incarnation(), seq)) {
            return false;
        }
        mended.put(seq, copy);
        return true;
    }
}
