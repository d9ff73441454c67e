package writeboost.engine.writeback;

import java.util.function.BooleanSupplier;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Log;
import writeboost.engine.task.Monitor;

/** Those who wait until everything up to a seq is on the backing device. The lock guards it. */
final class Drains {
    private static final long TICK_NS = 250_000_000;

    private final Log log;
    private final CacheView view;
    private final BatchRound round;
    private final Setbacks setbacks;
    private final Monitor lock;
    private final Monitor.Signal wake;
    private final Monitor.Signal drained;
    private final BooleanSupplier stopped;

    private long upToSeq;
    private int waiting;

    Drains(
            Log log,
            CacheView view,
            BatchRound round,
            Setbacks setbacks,
            Monitor lock,
            Monitor.Signal wake,
            Monitor.Signal drained,
            BooleanSupplier stopped) {
        this.log = log;
        this.view = view;
        this.round = round;
        this.setbacks = setbacks;
        this.lock = lock;
        this.wake = wake;
        this.drained = drained;
        this.stopped = stopped;
    }

    /** Somebody waits for the tail to come here; 0 if nobody does. With the lock. */
    long upToSeq() {
        return upToSeq;
    }

    /** See {@link Writeback#drain}. */
    void drain(long seq, Writeback.DrainProgress follow) throws EngineException {
        long doneBefore = round.blocksDone();
        long refusedBefore = round.blocksRefusedBefore();
        long total = begin(seq);
        try {
            while (!waitForTail(seq)) {
                long done = Math.min(total, round.blocksDone() - doneBefore);
                if (!follow.update(done, total)) {
                    throw new EngineException(
                            ErrorCode.CANCELLED, "the flush was cancelled; what it has moved so far is on the disk");
                }
            }
            long refused = refusedSince(refusedBefore);
            if (refused > 0) {
                throw new EngineException(
                        ErrorCode.IO,
                        "the disk refuses " + refused
                                + " blocks, which stay safe in the cache; all others are on the disk");
            }
            follow.update(total, total);
        } finally {
            end();
        }
    }

    /** Returns how many blocks are dirty. */
    private long begin(long seq) {
        lock.lock();
        try {
            setbacks.flushBegins();
            upToSeq = Math.max(upToSeq, seq);
            waiting++;
            wake.raise();
            return view.dirtyBlocks();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        waiting--;
        if (waiting == 0) {
            upToSeq = 0;
        }
        lock.unlock();
    }

    /** How many blocks were refused, at most: one that comes again in a later round is refused again, or is taken then. */
    private long refusedSince(long before) {
        lock.lock();
        try {
            return Math.min(round.blocksRefused() - before, view.dirtyBlocks());
        } finally {
            lock.unlock();
        }
    }

    /** Waits a moment. Returns whether the tail has come far enough. */
    private boolean waitForTail(long seq) throws EngineException {
        lock.lock();
        try {
            if (log.tail() < seq) {
                if (stopped.getAsBoolean() || log.broken() != null) {
                    throw new EngineException(ErrorCode.STATE, "the cache was stopped before the flush had ended");
                }
                if (setbacks.isToBeTold()) {
                    throw new EngineException(
                            ErrorCode.IO,
                            "the data does not get to the disk; it stays safe in the cache. " + setbacks.why());
                }
                drained.await(TICK_NS);
            }
            return log.tail() >= seq;
        } finally {
            lock.unlock();
        }
    }
}
