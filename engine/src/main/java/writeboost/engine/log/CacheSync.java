package writeboost.engine.log;

import java.io.IOException;
import java.util.Arrays;
import writeboost.engine.task.Monitor;

/**
 * Syncs of the cache device. One that fails counts for everyone: the operating system tells of it once and then calls
 * the data clean, so everything written since the last good sync is written again; a sync that overlaps a failed one
 * counts as failed. So none is believed before all that overlap it have told how they ended: the device may have told one of
 * them of a failure which that has not passed on yet.
 */
final class CacheSync {
    private final LogCore core;

    /** Guarded by the lock: the numbers of the syncs on their way, and of the newest. */
    private long[] onTheirWay = new long[4];

    private int underWay;
    private long begun;

    private final Monitor.Signal ended;

    CacheSync(LogCore core) {
        this.core = core;
        ended = core.lock.newSignal("end of a sync");
    }

    /** How many syncs have failed: what is about to be written gives it to {@link #sync(int)}. */
    int failures() {
        core.lock.lock();
        try {
            return core.syncFailures;
        } finally {
            core.lock.unlock();
        }
    }

    /**
     * Syncs. Never called with the lock.
     *
     * @return every chunk up to this seq was written before the sync began, so is durable now: it is decided
     * @throws IOException if the sync, or one that overlaps it, failed; the chunks will then be written again
     */
    long sync() throws IOException {
        return sync(failures());
    }

    /**
     * As {@link #sync()}, for something that was written when there had been so many failures.
     *
     * @throws IOException also if a sync has failed since: it may have been told of the loss of what was written
     */
    long sync(int failuresBefore) throws IOException {
        core.lock.lock();
        long covered = core.writtenUpTo;
        long number = ++begun;
        hasBegun(number);
        core.lock.unlock();
        try {
            core.device.sync();
        } catch (IOException | RuntimeException e) {
            core.lock.lock();
            core.writeAgain();
            hasEnded(number);
            core.lock.unlock();
            core.listener.deviceFailed(e.getMessage() + "; what was written since the last good one is written again");
            throw e;
        }
        core.lock.lock();
        try {
            hasEnded(number);
            awaitThoseUpTo(begun);
            if (core.syncFailures == failuresBefore) {
                core.covered(covered);
                return covered;
            }
        } finally {
            core.lock.unlock();
        }
        // All chunks are written again for that failure already; a sync that begins now has nothing to do with it.
        throw new IOException("a sync of " + core.device.name() + " that overlapped this one failed");
    }

    private void hasBegun(long number) {
        if (underWay == onTheirWay.length) {
            onTheirWay = Arrays.copyOf(onTheirWay, 2 * underWay);
        }
        onTheirWay[underWay++] = number;
    }

    private void hasEnded(long number) {
        int i = 0;
        while (onTheirWay[i] != number) {
            i++;
        }
        onTheirWay[i] = onTheirWay[--underWay];
        ended.raise();
    }

    private void awaitThoseUpTo(long number) {
        while (anyUpTo(number)) {
            ended.await();
        }
    }

    private boolean anyUpTo(long number) {
        for (int i = 0; i < underWay; i++) {
            if (onTheirWay[i] <= number) {
                return true;
            }
        }
        return false;
    }
}
