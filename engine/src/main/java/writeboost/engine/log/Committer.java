package writeboost.engine.log;

import java.io.IOException;

/**
 * The task that makes written chunks durable: one sync of the device for all who wait (group commit). A waiter counts
 * only for a sync that began after its chunk was written.
 */
final class Committer {
    /** Failed syncs in a row, each after writing everything again, after which the device counts as refusing writes. */
    private static final int MAX_FAILURES = 5;

    private final LogCore core;
    private final CacheSync cacheSync;

    /** Guarded by the lock: somebody waits for the chunks from here to {@link LogCore#wanted}. */
    private long wantedLow;

    private long intervalNs;
    private int failures;

    Committer(LogCore core, CacheSync cacheSync) {
        this.core = core;
        this.cacheSync = cacheSync;
    }

    /** Acknowledged writes become durable at least this often; 0 never by itself. With the lock. */
    void setInterval(long newIntervalNs) {
        intervalNs = newIntervalNs;
        core.work.raise();
    }

    /** Asks for everything up to a seq, which must be closed, to be durable soon. With the lock. */
    void want(long seq) {
        if (wantedLow <= core.durable) {
            wantedLow = seq;
        }
        core.wanted = Math.max(core.wanted, seq);
        core.work.raise();
    }

    void run() {
        while (waitForWork()) {
            commit();
        }
        core.lock.lock();
        core.work.raise(); // the writer waits for it to stop
        core.lock.unlock();
        core.listener.commitEnded();
    }

    /** Waits until a sync would serve somebody; false at the end. */
    private boolean waitForWork() {
        core.lock.lock();
        try {
            while (true) {
                if (core.broken != null || (core.stopped && core.durable >= core.wanted)) {
                    return false;
                }
                long timeout = closeOverdue();
                boolean wanted = wantedLow > core.durable && core.writtenUpTo >= wantedLow;
                // Nobody waits, but buffers return to the pool only by a sync: at the latest when half of them are out.
                boolean poolLow = core.writtenUpTo > core.durable && core.usedBuffers() >= core.pool.length / 2;
                if (wanted || poolLow) {
                    return true;
                }
                if (timeout < 0) {
                    core.committerSleeps = intervalNs > 0;
                    core.work.await();
                    core.committerSleeps = false;
                } else {
                    core.work.await(timeout);
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

    private void commit() {
        long covered;
        try {
            covered = cacheSync.sync();
            failures = 0;
        } catch (IOException e) {
            failures++;
            if (failures > MAX_FAILURES) {
                core.lock.lock();
                core.breakLog("the cache device refuses to make writes durable: " + e.getMessage());
                core.lock.unlock();
                core.listener.commitEnded();
            }
            return;
        }
        for (long seq = core.durable + 1; seq <= covered; seq++) {
            promote(seq);
        }
        core.lock.lock();
        if (core.wanted > core.durable) {
            wantedLow = core.wanted;
        }
        core.progress.raise();
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
