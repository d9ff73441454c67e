package writeboost.engine.cache;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link PairSnapshot.Statistics}; the lock of the cached disk guards them, but for what counts by itself. */
final class Counters {
    long readHits;
    long readMisses;
    long writeHits;
    long writeMisses;
    long stagedBlocks;
    long userBytesRead;
    long userBytesWritten;
    long flushes;
    /** By tasks that hold no lock when they know it. */
    final LongAdder cacheBytesRead = new LongAdder();

    long backingBytesRead;
    long errors;
}
