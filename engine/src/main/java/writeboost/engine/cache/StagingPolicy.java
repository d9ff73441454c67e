package writeboost.engine.cache;

/**
 * Which reads are worth caching: those that do not belong to a long sequential stream, which the backing device serves
 * well by itself and which would only push out what is useful. dm-writeboost's read_cache_threshold, for several streams
 * at once.
 *
 * <p>The lock of the cached disk guards it.
 */
final class StagingPolicy {
    /** Streams that are told apart; the one that was idle longest is forgotten. */
    private static final int STREAMS = 16;

    private final long[] nextBlock = new long[STREAMS];
    private final long[] runBlocks = new long[STREAMS];
    private final long[] usedAt = new long[STREAMS];
    private long clock;

    StagingPolicy() {
        java.util.Arrays.fill(nextBlock, -1);
    }

    /**
     * Notes a read, and tells how long the stream is that it continues, itself included.
     *
     * @return blocks that follow one another
     */
    long note(long firstBlock, long blocks) {
        clock++;
        int oldest = 0;
        for (int i = 0; i < STREAMS; i++) {
            if (nextBlock[i] == firstBlock) {
                return advance(i, firstBlock, blocks, runBlocks[i] + blocks);
            }
            // A read that is not block-aligned begins in the block in which the one before ended: that counts once.
            if (nextBlock[i] > 0 && nextBlock[i] == firstBlock + 1) {
                return advance(i, firstBlock, blocks, runBlocks[i] + blocks - 1);
            }
            if (usedAt[i] < usedAt[oldest]) {
                oldest = i;
            }
        }
        return advance(oldest, firstBlock, blocks, blocks);
    }

    private long advance(int stream, long firstBlock, long blocks, long run) {
        nextBlock[stream] = firstBlock + blocks;
        runBlocks[stream] = run;
        usedAt[stream] = clock;
        return run;
    }
}
