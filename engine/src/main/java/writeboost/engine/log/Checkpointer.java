package writeboost.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.error.Invariant;
import writeboost.engine.task.Monitor;

/**
 * Writes checkpoints, one at a time. What one says takes effect when both its copies are durable: only then entries
 * leave the index, ranges cease to be live and room may be used again.
 */
final class Checkpointer {
    /** Failed writes or syncs of one copy, after which the device counts as refusing writes. */
    private static final int MAX_FAILURES = 5;

    private static final long BACK_OFF_NS = 10_000_000;

    private final LogCore core;
    private final CacheSync cacheSync;
    private final Monitor.Signal idle;
    // While busy, those of the checkpoint that is being written:
    private final ByteBuffer bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
    private final ByteBuffer written = bytes.duplicate();
    private final Crc crc = new Crc();
    private int length;
    private boolean busy;

    Checkpointer(LogCore core, CacheSync cacheSync) {
        this.core = core;
        this.cacheSync = cacheSync;
        idle = core.lock.newSignal("end of a checkpoint");
    }

    /**
     * Records durable as it is, and tail and oldest at least as high as asked for. Blocks until that is durable and in
     * effect. Uses plain syncs, never the committer, which may wait for the very room that this frees.
     *
     * @throws EngineException IO if the device refuses; the log is then broken
     */
    void checkpoint(long tail, long oldest, boolean clean) throws IOException {
        Checkpoint c = begin(tail, oldest, clean);
        try {
            int slot = 2 * (int) (c.generation() % 2);
            writeCopy(slot);
            writeCopy(slot + 1);
            takeEffect(c);
        } finally {
            core.lock.lock();
            busy = false;
            idle.raise();
            core.lock.unlock();
        }
    }

    private Checkpoint begin(long tail, long oldest, boolean clean) throws IOException {
        core.lock.lock();
        try {
            while (busy) {
                idle.await();
            }
            if (core.broken != null) {
                throw new EngineException(ErrorCode.IO, "no checkpoint can be written: " + core.broken);
            }
            Marks marks = core.marks().max(new Marks(0, tail, oldest));
            Invariant.check(
                    marks.oldest() <= marks.tail() + 1 && marks.tail() <= marks.durable(),
                    "oldest <= tail + 1 <= durable + 1");
            core.generation++;
            core.incarnations = core.incarnations.above(marks.oldest());
            Checkpoint c = new Checkpoint(
                    core.generation,
                    core.incarnation,
                    core.firstSeq,
                    marks,
                    core.tasks.wallTimeMs(),
                    clean,
                    core.incarnations,
                    core.fingerprint);
            length = c.encode(core.cacheUuid, bytes, crc); // with the lock: what it refers to goes on changing
            busy = true;
            return c;
        } finally {
            core.lock.unlock();
        }
    }

    private void writeCopy(int slot) throws IOException {
        for (int failures = 0; ; failures++) {
            try {
                int syncFailures = cacheSync.failures();
                core.device.write(Geometry.checkpointByteOffset(slot), Blocks.part(written, 0, length));
                cacheSync.sync(syncFailures);
                count();
                return;
            } catch (IOException e) {
                if (failures >= MAX_FAILURES) {
                    core.lock.lock();
                    core.breakLog("the cache device refuses checkpoints: " + e.getMessage());
                    core.lock.unlock();
                    core.listener.commitEnded();
                    throw new EngineException(ErrorCode.IO, "no checkpoint can be written: " + e.getMessage(), e);
                }
                core.tasks.sleep(BACK_OFF_NS << failures);
            }
        }
    }

    private void count() {
        core.lock.lock();
        core.bytesWritten += length;
        core.lock.unlock();
    }

    private void takeEffect(Checkpoint c) {
        long oldest;
        core.lock.lock();
        core.tail = c.marks().tail();
        core.recordedDurable = c.marks().durable();
        oldest = core.oldest;
        core.lock.unlock();
        int slot = 0;
        for (long seq = oldest; seq < c.marks().oldest(); seq++) {
            slot = evict(seq, slot);
        }
        core.lock.lock();
        core.oldest = c.marks().oldest();
        core.segments.release(core.oldest);
        core.listener.evictedBelow(core.oldest);
        core.room.raise();
        core.progress.raise();
        core.lock.unlock();
    }

    private int evict(long seq, int from) {
        core.lock.lock();
        try {
            int slot = core.segments.slotOf(seq, from);
            if (slot < 0) {
                return from; // a chunk that was lost to damage before the tail has no place
            }
            int offset = core.segments.offsetOf(seq, slot);
            int end = core.segments.endOf(slot, offset);
            core.listener.chunkEvicted(core.geometry.position(slot, offset + 1), end - offset - 1);
            return slot;
        } finally {
            core.lock.unlock();
        }
    }
}
