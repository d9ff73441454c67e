package writeboost.engine.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The task that makes written chunks durable: one sync of the device for all who wait (group commit). A waiter counts
 * only for a sync that began after its chunk was written.
 *
 * <p>Where somebody waits, and nothing else is to be written, the writer, which is awake, does it in its stead: one task less to wait
 * for. Only one of the two does at a time.
 */
final class Committer {
    /** Failed syncs in a row, each after writing everything again, after which the device counts as refusing writes. */
    private static final int MAX_FAILURES = 5;

    private final LogCore core;
    private final CacheSync cacheSync;

    /** Guarded by the lock: somebody waits for the chunks from here to {@link LogCore#wanted}. */
    private long wantedLow;

    /** Guarded by the lock: one of the two tasks syncs. */
    private boolean busy;

    private long intervalNs;
    private int failures;

    Committer(LogCore core, CacheSync cacheSync) {
        this.core = core;
        this.cacheSync = cacheSync;
    }

    /** Acknowledged writes become durable at least this often; 0 never by itself. With the lock. */
    void setInterval(long newIntervalNs) {
        intervalNs = newIntervalNs;
        core.toCommit.raise();
    }

    /** Asks for everything up to a seq, which must be closed, to be durable soon. With the lock. */
    void want(long seq) {
        if (wantedLow <= core.durable) {
            wantedLow = seq;
        }
        core.wanted = Math.max(core.wanted, seq);
        wakeIfDue();
    }

    private void wakeIfDue() {
        if (!busy && (isDue() || core.stopped)) {
            core.toCommit.raise();
        }
    }

    /** Whether a sync would serve somebody. */
    private boolean isDue() {
        // Nobody may wait, but buffers return to the pool only by a sync: at the latest when half of them are out.
        boolean poolLow = core.writtenUpTo > core.durable && core.usedBuffers() >= core.pool.length / 2;
        return isWanted() || poolLow;
    }

    /** Whether a task syncs. With the lock. */
    boolean isBusy() {
        return busy;
    }

    /** Whether somebody waits for what is written. */
    private boolean isWanted() {
        return wantedLow > core.durable && core.writtenUpTo >= wantedLow;
    }

    /**
     * A chunk was written. With the lock.
     *
     * @return whether the writer is to call {@link #commit}: somebody waits, and there is nothing else to write meanwhile
     */
    boolean leavesItToWriter() {
        if (!busy && isWanted() && core.writtenUpTo == core.nextSeq - 1) {
            busy = true;
            return true;
        }
        wakeIfDue();
        return false;
    }

    void run() {
        while (waitForWork()) {
            commit();
        }
        core.lock.lock();
        core.toWrite.raise(); // the writer waits for it to stop
        core.lock.unlock();
        core.listener.commitEnded();
    }

    /** Waits until a sync would serve somebody, and nobody does one; false at the end. */
    private boolean waitForWork() {
        core.lock.lock();
        try {
            while (true) {
                if (core.broken != null || (core.stopped && core.durable >= core.wanted)) {
                    return false;
                }
                long timeout = closeOverdue();
                if (isDue() && !busy) {
                    busy = true;
                    return true;
                }
                if (timeout < 0) {
                    core.committerSleeps = intervalNs > 0;
                    core.toCommit.await();
                    core.committerSleeps = false;
                } else {
                    core.toCommit.await(timeout);
                }
            }
        } finally {
            core.lock.unlock();
        }
    }

    /** Closes the open chunk if its oldest entry is overdue. Returns the time until one will be, or -1. */
    private long closeOverdue() {
        if (intervalNs == 0) {
            return -1;
        }
        long since;
        if (core.open != null) {
            since = core.open.openedNs;
        } else if (core.durable < core.nextSeq - 1 && core.wanted < core.nextSeq - 1) {
            since = core.chunk(core.durable + 1).openedNs;
        } else {
            return -1;
        }
        long left = since + intervalNs - core.tasks.nanoTime();
        if (left > 0) {
            return left;
        }
        want(core.close(CloseReason.TIMER));
        return -1;
    }

    /** Syncs for all who wait. Never with the lock; by the task that was told to. */
    void commit() {
        try {
            long covered = cacheSync.sync();
            failures = 0;
            for (long seq = core.durable + 1; seq <= covered; seq++) {
                promote(seq);
            }
            ended(null);
        } catch (IOException e) {
            failures++;
            ended(failures > MAX_FAILURES ? e : null);
        }
    }

    private void ended(@Nullable IOException hopeless) {
        core.lock.lock();
        busy = false;
        if (hopeless != null) {
            core.breakLog("the cache device refuses to make writes durable: " + hopeless.getMessage());
        }
        if (core.wanted > core.durable) {
            wantedLow = core.wanted;
        }
        core.progress.raise();
        wakeIfDue();
        core.lock.unlock();
        core.listener.commitEnded();
    }

    /** The entries of a durable chunk move from its buffer to their positions. */
    private void promote(long seq) {
        core.lock.lock();
        try {
            ChunkBuffer c = core.chunk(seq);
            int slot = core.geometry.slotOf(c.segmentId);
            int first = core.geometry.position(slot, c.offset + 1);
            for (int i = 0; i < c.dataBlocks; i++) {
                core.entries.set(first + i, c.address(i), c.kind(i), c.valid(i), c.dirty(i), c.crc(i));
            }
            core.durable = seq;
            core.listener.chunkDurable(c, first);
            core.release(c);
        } finally {
            core.lock.unlock();
        }
    }
}
