package writeboost.engine.cache;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.RecheckedDevice;
import writeboost.engine.device.ReturningDevice;
import writeboost.engine.device.WatchedDevice;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.CloseReason;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogFormat;
import writeboost.engine.log.LogListener;
import writeboost.engine.log.Superblock;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.writeback.Writeback;

/**
 * A slow disk behind a log-structured cache.
 *
 * <p>Promises: what was flushed, or written with FUA, survives a crash and a power cut; every sector is old or new, never
 * mixed; what was not flushed is lost for at most the sync interval; a damaged block reads as an error, never as something else.
 *
 * <p>How: one lock guards everything that is known of blocks, and is never held during a device call. Requests that need
 * only memory end on the caller's thread; those that need a device go to one of two pools (cache device only, or backing device
 * too, so that hits do not wait behind a slow disk); writes that find no room are parked. The log's tasks and
 * writeback's do no work of clients.
 *
 * <p>Any thread may call any method.
 */
public final class CachedDisk implements Disk, Closeable {
    private final Tasks tasks;
    private final Monitor lock;
    private final BlockDevice cache;
    private final BlockDevice backing;
    private final EngineEvent.Listener listener;
    private final CacheState state;
    private final Log log;
    private final Runnable writeTaken;
    private final Writeback writeback;
    private final Stager stager;
    private final RequestEnd end;
    private final RoomQueue room;
    private final RequestRouter requests;
    private final PairHealth health;
    private final SnapshotMaker snapshots;
    private volatile Settings settings;
    private volatile boolean stopped;

    /**
     * Makes an empty cache on a device. What was on the device is forgotten: ask the user before.
     *
     * @throws EngineException STATE if the device already carries a cache and {@code options} do not force; SIZE; IO
     */
    public static void format(
            BlockDevice cache, BlockDevice backing, FormatOptions options, Tasks tasks, Progress progress)
            throws IOException {
        if (!options.force() && carriesCache(cache)) {
            throw new EngineException(
                    ErrorCode.STATE,
                    cache.name()
                            + " already carries a Writeboost cache, perhaps with data that is nowhere else. Nothing"
                            + " was changed. Remove that pair first, or say explicitly that it may be forgotten.");
        }
        progress.update(0, 1);
        LogFormat.format(
                cache, backing, options.cacheUuid(), options.pairUuid(), options.segmentBlocks(), tasks.wallTimeMs());
        progress.update(1, 1);
    }

    /** Whether a device carries a cache, even a damaged one or one of another version. */
    public static boolean carriesCache(BlockDevice cache) throws IOException {
        try {
            return Superblock.read(cache).isPresent();
        } catch (EngineException e) {
            return true;
        }
    }

    /**
     * Opens a pair: replays the log, then serves. The devices are closed by {@link #stop} or {@link #kill}, or by the
     * caller if this fails.
     *
     * @throws EngineException if the pair is refused; nothing was changed then
     */
    public static CachedDisk open(
            BlockDevice cache,
            BlockDevice backing,
            Settings settings,
            Tasks tasks,
            EngineEvent.Listener listener,
            Progress progress)
            throws IOException {
        RecheckedDevice watchedCache = new RecheckedDevice(new WatchedDevice(cache, tasks), tasks);
        RecheckedDevice watchedBacking = new RecheckedDevice(new WatchedDevice(backing, tasks), tasks);
        PairOpener opener = new PairOpener(watchedCache, watchedBacking);
        CachedDisk disk = new CachedDisk(opener, watchedCache, watchedBacking, settings, tasks, listener, progress);
        watchedCache.follow(disk.health::judgeCacheAfterSuspend, disk.health.suspendOf(false));
        watchedBacking.follow(disk.health::judgeAfterSuspend, disk.health.suspendOf(true));
        if (backing instanceof ReturningDevice returning) {
            returning.follow(disk.health, disk.health);
        }
        disk.begin(opener);
        return disk;
    }

    private CachedDisk(
            PairOpener opener,
            RecheckedDevice cache,
            RecheckedDevice backing,
            Settings settings,
            Tasks machine,
            EngineEvent.Listener listener,
            Progress progress)
            throws IOException {
        GuardedTasks guarded = new GuardedTasks(machine, this::halt);
        tasks = guarded;
        this.cache = cache;
        this.backing = backing;
        this.settings = settings;
        this.listener = listener;
        lock = tasks.newMonitor("cached disk");
        Geometry geometry = opener.superblock().geometry();
        log = opener.read(progress, tasks, lock, new Events());
        writeTaken = guarded.guard(log::writeTaken);
        state = opener.newState(lock, log);
        end = new RequestEnd(state); // before the log writes: its events go there
        opener.enter(state);
        BackingReads backingReads = new BackingReads(backing, state, tasks);
        stager = new Stager(state);
        writeback = new Writeback(
                log,
                new CacheStateView(state),
                cache,
                backing,
                geometry,
                state.sizeBytes,
                tasks,
                lock,
                backingReads::busyNs,
                new WritebackEvents());
        room = new RoomQueue(state, writeback);
        requests = new RequestRouter(state, room, end, tasks, new RequestRouter.Readers() {
            @Override
            public BlockReader single() {
                return new BlockReader(state, cache, backingReads, geometry);
            }

            @Override
            public ReadPath whole(BlockReader single) {
                return new ReadPath(state, cache, backingReads, geometry, single, stager);
            }
        });
        health = new PairHealth(state, cache.watched(), backing.watched(), this::event);
        snapshots = new SnapshotMaker(state, writeback, room, geometry, tasks, health);
    }

    private void begin(PairOpener opener) {
        applySettings(settings);
        log.start();
        writeback.start();
        requests.start();
        for (String finding : opener.findings()) {
            event(EngineEvent.Severity.WARNING, finding);
        }
    }

    // ---- requests ----

    @Override
    public long sizeBytes() {
        return state.sizeBytes;
    }

    @Override
    public String description() {
        return "Writeboost: " + backing.name() + " accelerated by " + cache.name();
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public void submit(DiskRequest r) {
        submit(r, false);
    }

    @Override
    public @Nullable Runnable begin(DiskRequest r) {
        try {
            return submit(r, true) ? writeTaken : null;
        } catch (RuntimeException | OutOfMemoryError e) {
            halt(e); // it may have closed a chunk that no task knows of
            throw e;
        }
    }

    private boolean submit(DiskRequest r, boolean helps) {
        if (stopped || state.halted != null) {
            r.complete(stopped ? DiskError.ESHUTDOWN : DiskError.EIO);
            return false;
        }
        return requests.submit(r, helps);
    }

    @Override
    public void status(StatusContext context, long offsetBytes, long lengthBytes, int maxExtents, ExtentSink sink) {
        StatusReader.read(state, context, offsetBytes, lengthBytes, maxExtents, sink);
    }

    // ---- what the user may ask for ----

    /** The figures of this instant. */
    public PairSnapshot snapshot() {
        return snapshots.make(settings, stopped);
    }

    /** The picture of the log at this instant. */
    public SegmentMap segmentMap() {
        return snapshots.map();
    }

    /** The settings in force. */
    public Settings settings() {
        return settings;
    }

    /** Changes the settings, at once. */
    public void settings(Settings newSettings) {
        settings = newSettings;
        applySettings(newSettings);
    }

    private void applySettings(Settings s) {
        lock.lock();
        try {
            writeback.set(
                    s.writebackThreshold(), s.nrMaxBatchedWriteback(), s.updateSbRecordInterval() * 1_000_000_000L);
            log.setSyncInterval(s.syncDataInterval() * 1_000_000_000L);
            stager.setThreshold(s.readCacheThreshold());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes everything acknowledged durable on the cache device, and records that. Blocks.
     *
     * @throws EngineException IO if the cache device refuses
     */
    public void sync() throws IOException {
        makeDurable(CloseReason.FLUSH);
        log.checkpoint(0, 0, false);
    }

    private long makeDurable(CloseReason reason) throws IOException {
        requireServing();
        lock.lock();
        long seq = log.close(reason);
        lock.unlock();
        log.awaitDurable(seq);
        return seq;
    }

    private void requireServing() throws EngineException {
        if (stopped) {
            throw new EngineException(ErrorCode.STATE, "the pair is not being served");
        }
    }

    /**
     * Brings everything that is dirty now to the backing device, durably. Blocks; ends even while more is written.
     *
     * @throws EngineException CANCELLED; IO if a device keeps refusing, or if the backing device refused some blocks, which
     *     then stay in the cache
     */
    public void flush(Progress progress) throws IOException {
        long seq = makeDurable(CloseReason.FLUSH);
        writeback.drain(seq, progress::update);
    }

    /** As {@link #flush}, then forgets every block that was cached when it began. */
    public void drop(Progress progress) throws IOException {
        long seq = makeDurable(CloseReason.FLUSH);
        writeback.drain(seq, progress::update);
        long oldest;
        do {
            oldest = writeback.round().lost().carryBelow(seq + 1);
            log.checkpoint(0, oldest, false);
        } while (oldest <= seq);
    }

    /**
     * Stops cleanly: new requests are refused, those in progress end, everything acknowledged is durable and recorded on the
     * cache device; then the devices are closed. Dirty data stays in the cache. Idempotent.
     *
     * @throws IOException if that failed; the devices are closed all the same
     */
    public void stop() throws IOException {
        if (!beginStop()) {
            return;
        }
        IOException failure = null;
        try {
            requests.stop();
            writeback.stop();
            lock.lock();
            long seq = log.close(CloseReason.STOP);
            lock.unlock();
            log.awaitDurable(seq);
            end.durableMoved();
            boolean diskIsKnown = false;
            try {
                diskIsKnown = !isDiskDoubtful() && measureFingerprint();
            } catch (IOException e) {
                failure = e; // a disk that is gone must not keep the cache from its end
            }
            log.checkpoint(0, 0, diskIsKnown);
        } catch (IOException e) {
            failure = e;
        } catch (OutOfMemoryError e) {
            failure = new IOException(
                    "memory is short: what was acknowledged is in the cache, but not that this stop was clean", e);
        }
        log.stop();
        end.durableMoved();
        closeDevices(failure);
    }

    private boolean isDiskDoubtful() {
        lock.lock();
        try {
            return writeback.round().isDiskDoubtful();
        } finally {
            lock.unlock();
        }
    }

    /** After a clean stop any change of the disk is somebody else's. Returns whether the fingerprint is complete. */
    private boolean measureFingerprint() throws IOException {
        backing.sync();
        return !log.measureFingerprint(backing, this::isUnsettled);
    }

    private boolean isUnsettled(long block) {
        lock.lock();
        try {
            return state.isUnsettled(block);
        } finally {
            lock.unlock();
        }
    }

    private synchronized boolean beginStop() {
        boolean first = !stopped;
        stopped = true;
        lock.lock();
        state.stopping = true;
        lock.unlock();
        return first;
    }

    private void closeDevices(@Nullable IOException before) throws IOException {
        IOException failure = before;
        for (BlockDevice device : List.of(cache, backing)) {
            try {
                device.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Stops dead, as a crash would: nothing more is written. Requests in progress fail. For tests. */
    public void kill() throws IOException {
        if (!beginStop()) {
            return;
        }
        log.kill();
        writeback.stop();
        requests.stop();
        end.durableMoved();
        closeDevices(null);
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    /** One of our tasks has failed: nothing is served any more, so that nothing is made worse. Any thread. */
    private void halt(Throwable cause) {
        lock.lock();
        state.halted = "an internal error: " + cause;
        log.fail(state.halted);
        lock.unlock();
        event(
                EngineEvent.Severity.ERROR,
                "Stopped to protect your data: " + cause
                        + ". What was flushed is safe in the cache. Stop the pair and serve"
                        + " it again; please report this.");
        end.durableMoved();
    }

    private void event(EngineEvent.Severity severity, String what) {
        listener.onEvent(new EngineEvent(tasks.wallTimeMs(), severity, what));
    }

    private final class Events implements LogListener {
        @Override
        public void chunkDurable(ChunkBuffer chunk, int firstPosition) {
            state.promoted(chunk, firstPosition);
            snapshots.durable(chunk);
        }

        @Override
        public void chunkEvicted(int firstPosition, int dataBlocks) {
            state.evicted(firstPosition, dataBlocks);
        }

        @Override
        public void evictedBelow(long oldest) {
            state.ranges.evictBelow(oldest);
            state.ranges.tailMoved(log.tail());
        }

        @Override
        public void commitEnded() {
            end.durableMoved();
        }

        @Override
        public void deviceFailed(String what) {
            event(EngineEvent.Severity.WARNING, what + ".");
        }
    }

    private final class WritebackEvents implements Writeback.Listener {
        @Override
        public void batchFailed(String why) {
            event(
                    EngineEvent.Severity.WARNING,
                    "Moving data to " + backing.name() + " failed: " + why
                            + ". The data stays safe in the cache; it is tried again.");
        }

        @Override
        public void damaged(int blocks, String what) {
            event(EngineEvent.Severity.ERROR, blocks + " blocks were " + what + ".");
        }
    }
}
