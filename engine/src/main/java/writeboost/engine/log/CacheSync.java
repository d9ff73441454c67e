package writeboost.engine.log;

import java.io.IOException;

/**
 * Syncs of the cache device. One that fails counts for everyone: the operating system tells of it once and then calls
 * the data clean, so everything written since the last good sync is written again; a sync that overlaps a failed one
 * counts as failed.
 */
final class CacheSync {
    private final LogCore core;

    CacheSync(LogCore core) {
        this.core = core;
    }

    /**
     * Syncs. Never called with the lock.
     *
     * @return every chunk up to this seq was written before the sync began, so is durable now
     * @throws IOException if the sync, or one that overlaps it, failed; the chunks will then be written again
     */
    long sync() throws IOException {
        core.lock.lock();
        long covered = core.writtenUpTo;
        int failures = core.syncFailures;
        core.lock.unlock();
        IOException failure = null;
        try {
            core.device.sync();
        } catch (IOException e) {
            failure = e;
        }
        core.lock.lock();
        try {
            if (failure == null && core.syncFailures != failures) {
                failure = new IOException("a sync of " + core.device.name() + " that overlapped this one failed");
            }
            if (failure != null) {
                core.writeAgain();
            }
        } finally {
            core.lock.unlock();
        }
        if (failure != null) {
            core.listener.deviceFailed(
                    failure.getMessage() + "; what was written since the last good one is written again");
            throw failure;
        }
        return covered;
    }
}
