package writeboost.engine.writeback;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * The task that moves dirty blocks to the backing device and makes room in the log.
 *
 * <p>What it does next, first that applies:
 * <ol>
 *   <li>Room is low and the oldest chunks are clean: recycle them (move {@code oldest}).
 *   <li>Room is low: an <i>urgent</i> batch.
 *   <li>Somebody waits for a flush: a batch.
 *   <li>Clients keep the backing device busy for less than the threshold, and a full batch is dirty or some dirty data is old: a
 *       <i>normal</i> batch.
 *   <li>Nothing was written for a second: a checkpoint, so that later damage to the newest chunk is told from a torn end.
 * </ol>
 *
 * <p>A failed batch is done again after a pause: nothing counts as written before the sync of the backing device that covers
 * it has succeeded.
 */
public final class Writeback {
    /** What it is doing; blocks are of 4 KiB. */
    public record Status(
            boolean running,
            String kind,
            long doneBlocks,
            long totalBlocks,
            double etaSeconds,
            double blocksPerSecond) {}

    private static final long TICK_NS = 250_000_000;
    private static final long IDLE_NS = 1_000_000_000;

    /** Dirty data this old is moved even if it is less than a batch. */
    private static final long OLD_NS = 2_000_000_000L;

    private final Log log;
    private final CacheView view;
    private final Tasks tasks;
    private final Monitor lock;
    private final Monitor.Signal wake;
    private final Monitor.Signal drained;
    private final BatchRound round;
    private final Drains drains;
    private final LoadMeter load;
    private final MigrationProgress progress = new MigrationProgress();
    private final Setbacks setbacks = new Setbacks();
    private final int maxSegments;
    private final Listener listener;

    private int threshold;
    private int batchLimit = 32;
    private long recordIntervalNs;
    private boolean stopped;
    private long lastHeadSeq;
    private long lastActivityNs;
    private long lastCheckpointNs;
    private long tailMovedNs;
    private Tasks.@Nullable Task task;

    /** Told of failures of the backing device; called without the lock. */
    public interface Listener {
        /** A batch failed and will be done again. */
        void batchFailed(String why);

        /** Damaged or refused blocks were found. */
        void damaged(int blocks, String what);
    }

    /**
     * Makes one, not yet started.
     *
     * @param clientBusyNs time for which clients have kept the backing device busy
     */
    public Writeback(
            Log log,
            CacheView view,
            BlockDevice cache,
            BlockDevice backing,
            Geometry geometry,
            long sizeBytes,
            Tasks tasks,
            Monitor lock,
            LongSupplier clientBusyNs,
            Listener listener) {
        this.log = log;
        this.view = view;
        this.tasks = tasks;
        this.lock = lock;
        this.listener = listener;
        maxSegments = Math.max(1, Math.min(32, geometry.segments() / 4));
        round = new BatchRound(log, view, cache, backing, geometry, sizeBytes, lock, maxSegments, listener);
        load = new LoadMeter(clientBusyNs, tasks.nanoTime());
        wake = lock.newSignal("work for writeback");
        drained = lock.newSignal("progress of writeback");
        drains = new Drains(log, view, round, setbacks, lock, wake, drained, () -> stopped);
        lastActivityNs = tasks.nanoTime();
        tailMovedNs = lastActivityNs;
        lastCheckpointNs = lastActivityNs;
    }

    /** Starts the task. */
    public void start() {
        task = tasks.start("wb-writeback", this::run);
    }

    /** Ends the task, after the batch it is at. Blocks until then. */
    public void stop() {
        lock.lock();
        stopped = true;
        wake.raise();
        drained.raise();
        lock.unlock();
        if (task != null) {
            task.join(Long.MAX_VALUE);
        }
    }

    /** Changes the settings. With the lock. */
    public void set(int newThreshold, int newBatchLimit, long newRecordIntervalNs) {
        threshold = newThreshold;
        batchLimit = newBatchLimit;
        recordIntervalNs = newRecordIntervalNs;
        wake.raise();
    }

    /** A client waits for room: look at once. With the lock. */
    public void wantRoom() {
        wake.raise();
    }

    /** What it is doing. With the lock. */
    public Status status() {
        return progress.status();
    }

    /** For how long batches have failed, one after the other, in nanoseconds; 0 if the last one did not. With the lock. */
    public long failingNs() {
        return setbacks.failingNs(tasks.nanoTime());
    }

    /** Why the last batch failed; null if it did not. With the lock. */
    public @Nullable String failure() {
        return setbacks.why();
    }

    /** Blocks that were moved since the beginning. */
    public BatchRound round() {
        return round;
    }

    /** Follows a drain; false cancels. */
    @FunctionalInterface
    public interface DrainProgress {
        /** So many blocks of so many. */
        boolean update(long done, long total);
    }

    /**
     * Writes everything back up to a durable seq. Blocks until that is done, even while more is written.
     *
     * @throws EngineException CANCELLED; IO if the backing device keeps failing, or refused some blocks; STATE if writeback
     *     was stopped
     */
    public void drain(long upToSeq, DrainProgress follow) throws EngineException {
        drains.drain(upToSeq, follow);
    }

    private enum Step {
        STOP,
        WAIT,
        RECYCLE,
        URGENT,
        FLUSH,
        NORMAL,
        CHECKPOINT
    }

    private void run() {
        while (true) {
            Step step = next();
            if (step == Step.STOP) {
                return;
            }
            try {
                lock.lock();
                int freeBefore = log.segments().freeSegments();
                lock.unlock();
                long doneBefore = round.blocksDone();
                long carriedBefore = round.lost().blocksCarried();
                perform(step);
                succeeded(round.lost().blocksCarried() > carriedBefore, round.blocksDone() > doneBefore, freeBefore);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** What was refused, or is lost, is logged anew, and comes again: at full speed that would only wear out the cache device. */
    private void succeeded(boolean carried, boolean moved, int freeBefore) {
        lock.lock();
        boolean gained = moved || log.segments().freeSegments() > freeBefore;
        long restNs = Math.max(setbacks.succeeded(round.mostlyRefused()), setbacks.stepped(carried, gained));
        lock.unlock();
        pause(restNs);
    }

    private void failed(IOException e) {
        lock.lock();
        long pauseNs = setbacks.failed(String.valueOf(e.getMessage()), tasks.nanoTime());
        progress.end();
        drained.raise();
        boolean quiet = stopped || log.broken() != null;
        lock.unlock();
        if (!quiet) {
            listener.batchFailed(String.valueOf(e.getMessage()));
        }
        pause(pauseNs);
    }

    /** Waits, but not longer than until a stop. */
    private void pause(long durationNs) {
        long end = tasks.nanoTime() + durationNs;
        lock.lock();
        try {
            for (long left = durationNs; left > 0 && !stopped; left = end - tasks.nanoTime()) {
                wake.await(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private Step next() {
        lock.lock();
        try {
            while (true) {
                if (stopped || log.broken() != null) {
                    drained.raise();
                    return Step.STOP;
                }
                Step step = decide(tasks.nanoTime());
                if (step != Step.WAIT) {
                    return step;
                }
                progress.end();
                wake.await(TICK_NS);
            }
        } finally {
            lock.unlock();
        }
    }

    private Step decide(long now) {
        if (log.headSeq() != lastHeadSeq) {
            lastHeadSeq = log.headSeq();
            lastActivityNs = now;
        }
        double percent = load.percent(now);
        boolean dirty = log.tail() < log.durable();
        if (!dirty) {
            tailMovedNs = now;
        }
        if (roomIsLow()) {
            if (log.oldest() <= log.tail()) {
                return Step.RECYCLE;
            }
            if (log.tail() < log.headSeq()) {
                return Step.URGENT;
            }
        }
        if (drains.upToSeq() > log.tail() && dirty) {
            return Step.FLUSH;
        }
        boolean allowed = threshold > 0 && (threshold == 100 || percent < threshold);
        if (dirty && allowed && (now - tailMovedNs >= OLD_NS || round.fillsBatch(limit()))) {
            return Step.NORMAL;
        }
        boolean unrecorded = log.recordedDurable() < log.durable();
        boolean idle = now - lastActivityNs >= IDLE_NS;
        boolean overdue = recordIntervalNs > 0 && now - lastCheckpointNs >= recordIntervalNs;
        return unrecorded && (idle || overdue) ? Step.CHECKPOINT : Step.WAIT;
    }

    /** Two batches of room are kept free of everything, where the cache is large enough for that. */
    private boolean roomIsLow() {
        int all = log.segments().capacitySegments() - log.buffers();
        return log.clientSegmentsLeft() < Math.min(2 * maxSegments, all / 2);
    }

    private int limit() {
        return Math.min(batchLimit, maxSegments);
    }

    private void perform(Step step) throws IOException {
        switch (step) {
            case RECYCLE -> round.recycle(limit());
            case URGENT -> batch("urgent");
            case FLUSH -> batch("flush");
            case NORMAL -> batch("normal");
            case CHECKPOINT -> log.checkpoint(0, 0, false);
            default -> throw new IllegalStateException("no such step: " + step);
        }
        lock.lock();
        lastCheckpointNs = tasks.nanoTime();
        if (step != Step.RECYCLE && step != Step.CHECKPOINT) {
            tailMovedNs = lastCheckpointNs; // the others leave dirty data as old as it is
        }
        drained.raise();
        lock.unlock();
    }

    private void batch(String kind) throws IOException {
        if (kind.equals("urgent")) {
            round.makeDurable();
        }
        lock.lock();
        progress.begin(kind, view.dirtyBlocks(), tasks.nanoTime());
        lock.unlock();
        round.run(limit(), blocks -> {
            lock.lock();
            progress.wrote(blocks, tasks.nanoTime());
            lock.unlock();
        });
    }
}
