package writeboost.engine.log;

import java.util.BitSet;

/** Looks for chunks that a bad header in front of them hides from the scan, where it matters. */
final class HiddenChunks {
    /** Segments without a chunk that counts, following the end of the log, that are searched for a hidden one. */
    private static final int SEARCHED_BEHIND_END = 4;

    private final LogScanner scanner;
    private final Geometry geometry;

    HiddenChunks(LogScanner scanner, Geometry geometry) {
        this.scanner = scanner;
        this.geometry = geometry;
    }

    /**
     * Searches where the log would go on; and everywhere if chunks up to durable are missing, else where chunks lie that would count if
     * those before them were not missing: behind them there may be one that knows them to be durable.
     *
     * @param chosen the chunks that count among those that were found
     * @param lastSeq the end of their unbroken sequence
     * @return whether more were found; then search again
     */
    boolean search(int[] chosen, long lastSeq) {
        boolean any = searchBehind(slotOfEnd(chosen, lastSeq), chosen);
        if (lastSeq >= scanner.marks.durable()) {
            return searchBesideThoseAbove(lastSeq, chosen) || any;
        }
        for (int slot = 0; slot < geometry.segments(); slot++) {
            any |= search(slot);
        }
        return any;
    }

    private boolean searchBesideThoseAbove(long lastSeq, int[] chosen) {
        boolean any = false;
        for (int i = chosen.length - 1; i >= 0 && scanner.found.seq(chosen[i]) > lastSeq; i--) {
            any |= search(slotOf(chosen[i]));
        }
        return any;
    }

    private int slotOf(int found) {
        return scanner.found.place(found) / geometry.segmentBlocks();
    }

    private boolean search(int slot) {
        return scanner.mayHideChunks(slot) && scanner.searchSegment(slot);
    }

    private int slotOfEnd(int[] chosen, long lastSeq) {
        int end = scanner.found.find(chosen, lastSeq);
        if (end >= 0) {
            return slotOf(end);
        }
        return scanner.maxSegmentId == 0 ? 0 : geometry.slotOf(scanner.maxSegmentId);
    }

    /** Also inside what was there a lap before: the first chunk of a segment that was begun anew may not have come to the device. */
    private boolean searchBehind(int head, int[] chosen) {
        BitSet used = new BitSet();
        for (int i : chosen) {
            used.set(slotOf(i));
        }
        boolean any = search(head);
        int left = SEARCHED_BEHIND_END;
        for (int i = 1; i < geometry.segments() && left > 0; i++) {
            int slot = (head + i) % geometry.segments();
            if (!used.get(slot)) {
                any |= scanner.searchWholeSegment(slot);
                left--;
            }
        }
        return any;
    }
}
