package writeboost.engine.log;

/** Looks for chunks that a bad header in front of them hides from the scan, where it matters. */
final class HiddenChunks {
    /** Segments without a valid first header, following the end of the log, that are searched for a hidden chunk. */
    private static final int SEARCHED_BEHIND_END = 4;

    private final LogScanner scanner;
    private final Geometry geometry;

    HiddenChunks(LogScanner scanner, Geometry geometry) {
        this.scanner = scanner;
        this.geometry = geometry;
    }

    /**
     * Searches everywhere if chunks up to durable are missing, else where the log would go on, and where chunks lie that would
     * count if those before them were not missing: behind them there may be one that knows them to be durable.
     *
     * @param chosen the chunks that count among those that were found
     * @param lastSeq the end of their unbroken sequence
     * @return whether more were found; then search again
     */
    boolean search(int[] chosen, long lastSeq) {
        if (lastSeq >= scanner.marks.durable()) {
            boolean anyAbove = searchBesideThoseAbove(lastSeq, chosen);
            return searchBehind(slotOfEnd(chosen, lastSeq)) || anyAbove;
        }
        boolean any = false;
        for (int slot = 0; slot < geometry.segments(); slot++) {
            any |= search(slot);
        }
        return any;
    }

    private boolean searchBesideThoseAbove(long lastSeq, int[] chosen) {
        boolean any = false;
        for (int i = chosen.length - 1; i >= 0 && scanner.found.seq(chosen[i]) > lastSeq; i--) {
            any |= search(scanner.found.place(chosen[i]) / geometry.segmentBlocks());
        }
        return any;
    }

    private boolean search(int slot) {
        return scanner.mayHideChunks(slot) && scanner.searchSegment(slot);
    }

    private int slotOfEnd(int[] chosen, long lastSeq) {
        int end = scanner.found.find(chosen, lastSeq);
        if (end >= 0) {
            return scanner.found.place(end) / geometry.segmentBlocks();
        }
        return scanner.maxSegmentId == 0 ? 0 : geometry.slotOf(scanner.maxSegmentId);
    }

    private boolean searchBehind(int head) {
        boolean any = search(head);
        int left = SEARCHED_BEHIND_END;
        for (int i = 1; i < geometry.segments() && left > 0; i++) {
            int slot = (head + i) % geometry.segments();
            if (scanner.beginsWithoutHeader(slot)) {
                any |= search(slot);
                left--;
            }
        }
        return any;
    }
}
