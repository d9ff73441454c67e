package writeboost.engine.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogCore.Appender;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * The running log: what is appended becomes durable in order, and its marks move.
 *
 * <p>It shares one lock with its owner. Methods that say so are called with the lock held; the others must not be.
 */
public final class Log {
    /** Largest pool of RAM buffers: 64 MiB. A sync comes when half of it is used, so every 32 MiB at the latest. */
    private static final int MAX_BUFFERS = 128;

    /** Smallest pool: one open, one being written, one kept for writeback, one to spare. */
    private static final int MIN_BUFFERS = 4;

    private final LogCore core;
    private final CacheSync cacheSync;
    private final Committer committer;
    private final Checkpointer checkpointer;
    private final LogWriter writer;
    private final List<Tasks.Task> running = new ArrayList<>();

    Log(LogStart start, ChunkHeader.@Nullable Previous newest, Tasks tasks, Monitor lock, LogListener listener) {
        int buffers = Math.max(
                MIN_BUFFERS, Math.min(MAX_BUFFERS, start.segments().geometry().segments() / 8));
        core = new LogCore(start, tasks, lock, buffers, listener);
        cacheSync = new CacheSync(core);
        committer = new Committer(core, cacheSync);
        checkpointer = new Checkpointer(core, cacheSync);
        writer = new LogWriter(core, committer, newest);
    }

    /** Starts the log's tasks. */
    public void start() {
        for (int i = 1; i <= LogWriter.MAX_IN_FLIGHT; i++) {
            running.add(core.tasks.start("wb-log-" + i, writer::run));
        }
        running.add(core.tasks.start("wb-commit", committer::run));
    }

    /**
     * Ends the log's tasks when everything is durable that somebody asked for; the rest may be lost. Blocks until they
     * have ended.
     */
    public void stop() {
        core.lock.lock();
        core.stopped = true;
        core.wakeTasks();
        core.lock.unlock();
        awaitTasks();
    }

    private void awaitTasks() {
        for (Tasks.Task task : running) {
            task.join(Long.MAX_VALUE);
        }
        core.lock.lock();
        writer.awaitTaken();
        core.lock.unlock();
    }

    /** Lets go of everything at once, as a crash would. */
    public void kill() {
        core.lock.lock();
        core.stopped = true;
        core.breakLog("stopped");
        core.lock.unlock();
        awaitTasks();
    }

    // ---- appending: with the lock held ----

    /**
     * The chunk that takes the next entry of a client, or null if there is no room or no buffer: wait for {@link #room}.
     * After adding to it call {@link #added}.
     */
    public @Nullable ChunkBuffer openForClient() {
        return core.openFor(Appender.CLIENT);
    }

    /** As {@link #openForClient}, for what may as well be left out. */
    public @Nullable ChunkBuffer openForStaging() {
        return core.openFor(Appender.BEST_EFFORT);
    }

    /** As {@link #openForClient}, for what writeback itself must log. */
    public @Nullable ChunkBuffer openForWriteback() {
        return core.openFor(Appender.WRITEBACK);
    }

    /** The open chunk, or null. */
    public @Nullable ChunkBuffer open() {
        return core.open;
    }

    /** Adds a block to the open chunk. Returns its data block there, which the caller fills before it gives back the lock. */
    public int addBlock(ChunkBuffer chunk, long address, int kind, int valid, int dirty, int crc) {
        return chunk.addBlock(address, kind, valid, dirty, crc);
    }

    /** Closes the chunk if it is full; called after its entry, data and index are complete. */
    public void added(ChunkBuffer chunk) {
        if (chunk.isFull()) {
            core.close(CloseReason.FULL);
        }
    }

    /** Adds a range to the open chunk. */
    public void addRange(ChunkBuffer chunk, long address, long lengthBlocks, int kind) {
        chunk.addRange(address, lengthBlocks, kind);
        added(chunk);
    }

    /** Closes the open chunk, if there is one. Returns the seq whose durability covers everything appended so far. */
    public long close(CloseReason reason) {
        return core.close(reason);
    }

    /**
     * As {@link #close}, but leaves the chunk to the caller, if the log has nothing else to do and none of its tasks is awake: to
     * wake one would take longer than to write the chunk.
     *
     * @return whether it is closed, and the caller is to call {@link #writeTaken}; else nothing has happened
     */
    public boolean takeOpen(CloseReason reason) {
        return writer.takeOpen(reason);
    }

    /** Asks for everything up to a seq, which must be closed, to be durable soon. */
    public void wantDurable(long seq) {
        committer.want(seq);
    }

    /** A RAM buffer by its number. */
    public ChunkBuffer buffer(int index) {
        return core.pool[index];
    }

    /** Number of a buffer. */
    public static int indexOf(ChunkBuffer chunk) {
        return chunk.index;
    }

    /** Whether a client could append now. */
    public boolean hasClientRoom() {
        return core.open != null || core.mayOpen(Appender.CLIENT);
    }

    /** Raised when room or a buffer became free. */
    public Monitor.Signal room() {
        return core.room;
    }

    /** Raised when durable, tail or oldest moved. */
    public Monitor.Signal progress() {
        return core.progress;
    }

    /** The marks. */
    public Marks marks() {
        return core.marks();
    }

    /** Every chunk up to it is durable. */
    public long durable() {
        return core.durable;
    }

    /** Every dirty entry up to it is on the backing device. */
    public long tail() {
        return core.tail;
    }

    /** The first seq that is not dead. */
    public long oldest() {
        return core.oldest;
    }

    /** Seq of the newest chunk, the open one included. */
    public long headSeq() {
        return core.nextSeq - 1;
    }

    /** What is durable according to the newest checkpoint. */
    public long recordedDurable() {
        return core.recordedDurable;
    }

    /** Why nothing can be made durable any more, or null. */
    public @Nullable String broken() {
        return core.broken;
    }

    /** Which chunks lie where. */
    public SegmentTable segments() {
        return core.segments;
    }

    /** What lies at each position. */
    public EntryTable entries() {
        return core.entries;
    }

    /** Segments that clients may still begin. */
    public int clientSegmentsLeft() {
        return core.clientSegmentsLeft();
    }

    /** RAM buffers in use. */
    public int usedBuffers() {
        return core.usedBuffers();
    }

    /** RAM buffers in all. */
    public int buffers() {
        return core.pool.length;
    }

    /** Wall time, in milliseconds, at which a chunk that is not durable was opened. */
    public long openedMsOf(long seq) {
        return core.chunk(seq).openedMs;
    }

    /** Acknowledged writes become durable at least this often; 0 only when asked. */
    public void setSyncInterval(long intervalNs) {
        committer.setInterval(intervalNs);
    }

    /**
     * Where a written chunk lies.
     *
     * @param searchFrom a slot near which it is likely
     * @return the position of its first data block * 256 + the number of its data blocks; -1 if it has no place
     */
    public long placeOf(long seq, int searchFrom) {
        int slot = core.segments.slotOf(seq, searchFrom);
        if (slot < 0) {
            return -1;
        }
        int offset = core.segments.offsetOf(seq, slot);
        return (long) core.geometry.position(slot, offset + 1) * 256 + core.segments.endOf(slot, offset) - offset - 1;
    }

    /** Notes the content that writeback put on a block of the backing device; the checksum, or null if not known. */
    public void fingerprint(long address, long backingBytes, int crc) {
        int i = core.fingerprint.indexOf(address, backingBytes);
        if (i >= 0) {
            core.fingerprint.set(i, crc);
        }
    }

    /**
     * Takes the fingerprint of the backing device anew, as it is now. Without the lock, while nothing writes to the backing
     * device and all that was written is durable.
     */
    public void measureFingerprint(BlockDevice backing) throws IOException {
        core.fingerprint.measureAnew(backing);
    }

    /**
     * As {@link #measureFingerprint(BlockDevice)}, but blocks that are not known now stay so if they are {@code doubtful}: what is
     * read there may not be durable.
     *
     * @param doubtful of the address of a block
     * @return whether any is
     */
    public boolean measureFingerprint(BlockDevice backing, LongPredicate doubtful) throws IOException {
        return core.fingerprint.measureAnew(backing, doubtful);
    }

    /**
     * The blocks of a disk whose content differs from the fingerprint as it is now. Without the lock.
     *
     * @param backing the disk, of the same size
     */
    public Set<Long> changedBlocks(BlockDevice backing) throws IOException {
        core.lock.lock();
        Fingerprint then = core.fingerprint.copy();
        core.lock.unlock();
        return then.differing(Fingerprint.measure(backing), backing.sizeBytes());
    }

    /**
     * Notes that the content of a range of blocks of the backing device is not known any more, or soon will not be.
     *
     * @return whether any of it was known: a checkpoint then has to say so before the device is written
     */
    public boolean fingerprintForgets(long fromAddress, long endAddress, long backingBytes) {
        return core.fingerprint.forget(fromAddress, endAddress, backingBytes);
    }

    /**
     * Whether the newest log on a device is still this one, which nobody has opened or replaced since. Without the lock.
     *
     * @throws IOException if it can't be read
     */
    public boolean isTheOneOn(BlockDevice device) throws IOException {
        Optional<Superblock> there = Superblock.read(device);
        if (there.isEmpty() || !there.get().cacheUuid().equals(core.cacheUuid)) {
            return false;
        }
        List<Checkpoint> checkpoints = new LogScanner(device, there.get()).readCheckpoints();
        return !checkpoints.isEmpty() && checkpoints.get(0).incarnation() == core.incarnation;
    }

    /** Bytes written to the cache device. */
    public long bytesWritten() {
        return core.bytesWritten;
    }

    /** Chunks written. */
    public long chunksWritten() {
        return core.chunksWritten;
    }

    /** Errors of the cache device. */
    public long errors() {
        return core.errors;
    }

    /** Nothing can be made durable any more; all who wait are told. */
    public void fail(String why) {
        core.breakLog(why);
    }

    // ---- without the lock ----

    /**
     * Waits until everything up to a seq, which must be closed, is durable.
     *
     * @throws EngineException IO if the cache device refuses
     */
    public void awaitDurable(long seq) throws EngineException {
        core.lock.lock();
        try {
            committer.want(seq);
            while (core.durable < seq) {
                if (core.broken != null) {
                    throw new EngineException(ErrorCode.IO, core.broken);
                }
                core.progress.await();
            }
        } finally {
            core.lock.unlock();
        }
    }

    /**
     * Writes the chunk that {@link #takeOpen} has left to the caller, and makes it durable if somebody wants that. Blocks on the cache
     * device; if that fails, the log's tasks go on with it.
     */
    public void writeTaken() {
        writer.writeTaken();
    }

    /**
     * Records the marks, tail and oldest moved up to the given seqs; in effect when it returns.
     *
     * @throws EngineException IO if the cache device refuses
     */
    public void checkpoint(long tail, long oldest, boolean clean) throws IOException {
        checkpointer.checkpoint(tail, oldest, clean);
    }
}
