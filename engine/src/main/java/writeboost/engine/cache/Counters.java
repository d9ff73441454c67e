package writeboost.engine.cache;

/** The counters behind {@link PairSnapshot.Statistics}; the lock of the cached disk guards them. */
final class Counters {
    long readHits;
    long readMisses;
    long writeHits;
    long writeMisses;
    long stagedBlocks;
    long userBytesRead;
    long userBytesWritten;
    long flushes;
    long cacheBytesRead;
    long backingBytesRead;
    long errors;
}
