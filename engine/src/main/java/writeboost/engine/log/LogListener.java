package writeboost.engine.log;

/** What the log tells its owner, the cached disk. */
public interface LogListener {
    /** Of a log that is not started, or whose news interest nobody. */
    LogListener NONE = new LogListener() {
        @Override
        public void chunkDurable(ChunkBuffer chunk, int firstPosition) {}

        @Override
        public void chunkEvicted(int firstPosition, int dataBlocks) {}

        @Override
        public void evictedBelow(long oldest) {}

        @Override
        public void commitEnded() {}

        @Override
        public void deviceFailed(String what) {}
    };

    /**
     * A chunk is durable: its data blocks now live at positions {@code firstPosition}, {@code firstPosition + 1}, ...; the
     * entry table holds them; the buffer is about to be reused. Called with the log's lock held.
     */
    void chunkDurable(ChunkBuffer chunk, int firstPosition);

    /**
     * Oldest has passed a chunk, durably: its entries must leave the index. Called with the log's lock held.
     *
     * @param firstPosition of its data blocks
     */
    void chunkEvicted(int firstPosition, int dataBlocks);

    /** Oldest has passed every chunk below this seq, durably. Called with the log's lock held. */
    void evictedBelow(long oldest);

    /** Durable has moved, or the log is broken. Called without a lock, on the log's own task: must be quick. */
    void commitEnded();

    /** The cache device failed a request and the log deals with it. Called without a lock. */
    void deviceFailed(String what);
}
