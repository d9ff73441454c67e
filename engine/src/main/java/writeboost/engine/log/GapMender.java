package writeboost.engine.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * Replay's answer to chunks up to durable whose header is gone: each is known from the copy in the header of the chunk
 * after it. Without that, nothing is opened if the chunk is above the tail; else only cached copies are lost, and oldest
 * moves past it.
 *
 * <p>A header that does not count any more is as good a witness of the chunk before it as one that does: otherwise a
 * chunk that was mended by a torn successor would be gone at the next opening, which has made the successor void.
 */
final class GapMender {
    private final String deviceName;
    private final LogScanner scanner;
    private final FoundChunks found;
    private final List<String> findings;
    private final Map<Long, ChunkHeader.Previous> mended = new HashMap<>();
    private final int[] witnesses;
    private long oldest;

    /** {@code findings} takes sentences for the user. */
    GapMender(String deviceName, LogScanner scanner, List<String> findings) {
        this.deviceName = deviceName;
        this.scanner = scanner;
        this.findings = findings;
        found = scanner.found;
        oldest = scanner.marks.oldest();
        witnesses = found.witnesses(oldest);
    }

    /**
     * Finds the copies of what is missing among the chunks that count.
     *
     * @return where the log begins
     * @throws EngineException DAMAGED if there is no copy of a chunk above the tail
     */
    long mend(int[] chosen) throws EngineException {
        long expected = oldest;
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
        return oldest;
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
        if (after >= 0 && found.previousPlace(after) >= 0 && mendFrom(gap, after)) {
            return;
        }
        if (gap > scanner.marks.tail()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    deviceName + ": chunk " + gap + " of the log, which held acknowledged data, is gone with its copy."
                            + " Nothing was changed, and the disk must not be used without it. Check the cable; if it"
                            + " stays so, save what is intact before anything else.");
        }
        findings.add("Chunk " + gap + " is damaged; only cached copies of what is on the disk are lost.");
        oldest = gap + 1;
    }

    private boolean mendFrom(long seq, int after) {
        ChunkHeader.Previous copy = scanner.readHeader(found.place(after))
                .map(ChunkHeader::previous)
                .orElse(null);
        if (copy == null || scanner.incarnations.voids(copy.incarnation(), seq)) {
            return false;
        }
        mended.put(seq, copy);
        findings.add("The header of chunk " + seq + " (segment " + copy.segmentId()
                + ") is damaged; it is known from its copy, nothing is lost.");
        return true;
    }
}
