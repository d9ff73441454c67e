package writeboost.engine.writeback;

import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.CloseReason;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogFormat;
import writeboost.engine.log.LogListener;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.log.Replay;
import writeboost.engine.nbd.HurriedTasks;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/**
 * A log, and the simplest cached disk that can be: of each block it knows the position of the newest durable entry.
 */
final class RoundFixture implements CacheView, LogListener, Writeback.Listener, AutoCloseable {
    static final int SEGMENT_BLOCKS = 16;
    /** What a segment holds. */
    static final int SEGMENT = SEGMENT_BLOCKS - 1;

    static final int SEGMENTS = 32;

    final Monitor lock;
    final RecordingDevice cache =
            new RecordingDevice(new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)));
    final FaultDevice faults;
    final RecordingDevice disk;
    final Log log;
    /** Not started: a round happens when a test says so, or starts this. */
    final Writeback writeback;

    final BatchRound round;

    /** The position of the newest durable entry of each block. */
    final TreeMap<Long, Integer> index = new TreeMap<>();

    final List<RangeEntry> ranges = new ArrayList<>();
    /** What the round told its listener. */
    final List<String> told = new CopyOnWriteArrayList<>();

    /** Runs when it was told of something, on the thread that tells. */
    volatile Runnable whenTold = () -> {};

    /** So often there is no room to log something anew. */
    int noRoom;

    /** For how long clients have kept the disk busy. */
    final AtomicLong busyNs = new AtomicLong();

    RoundFixture() throws IOException {
        this(new HurriedTasks(new ThreadTasks((thread, e) -> {}), 10));
    }

    RoundFixture(Tasks tasks) throws IOException {
        lock = tasks.newMonitor("log");
        faults = new FaultDevice(new MemoryDevice("disk", 16 * MIB), tasks);
        disk = new RecordingDevice(faults);
        var superblock = LogFormat.format(cache, disk, new UUID(1, 2), new UUID(3, 4), SEGMENT_BLOCKS, 0);
        Replay replay = new Replay(cache, superblock);
        replay.read((done, total) -> true);
        log = replay.newLog(tasks, lock, this);
        replay.finish(log, disk, false);
        writeback =
                new Writeback(log, this, cache, disk, superblock.geometry(), 16 * MIB, tasks, lock, busyNs::get, this);
        round = writeback.round();
        log.start();
        forget();
    }

    /** Forgets what was done to the devices. */
    void forget() {
        cache.forget();
        disk.forget();
    }

    static byte[] block(long address) {
        return random(address, BLOCK);
    }

    /** Appends blocks, durably. Returns the seq. */
    long append(int kind, long... addresses) throws IOException {
        appendOpen(kind, addresses);
        lock.lock();
        long seq = log.close(CloseReason.FLUSH);
        lock.unlock();
        log.awaitDurable(seq);
        return seq;
    }

    /** Where the newest entry of a block lies. */
    int positionOf(long address) {
        return Objects.requireNonNull(index.get(address));
    }

    long write(long... addresses) throws IOException {
        return append(EntryKind.WRITTEN, addresses);
    }

    /** Appends blocks to the open chunk, which stays open if it is not full. */
    void appendOpen(int kind, long... addresses) {
        lock.lock();
        for (long address : addresses) {
            ChunkBuffer c = Objects.requireNonNull(log.openForClient());
            int dirty = kind == EntryKind.WRITTEN ? 0xFF : 0;
            add(c, address, kind, 0xFF, dirty, ByteBuffer.wrap(block(address)), 0);
        }
        lock.unlock();
    }

    /** Appends so many segments, each of one full chunk, durably. */
    void appendSegments(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long[] addresses = new long[SEGMENT];
            for (int k = 0; k < SEGMENT; k++) {
                addresses[k] = log.headSeq() * SEGMENT + k;
            }
            write(addresses);
        }
    }

    private void add(ChunkBuffer c, long address, int kind, int valid, int dirty, ByteBuffer data, int dataAt) {
        int crc = new Crc().of(data, dataAt, BLOCK);
        int at = log.addBlock(c, address, kind, valid, dirty, crc);
        c.memory().put(ChunkBuffer.dataAt(at), data, dataAt, BLOCK);
        log.added(c);
    }

    /** Does a round of at most so many segments. */
    void run(int segments) throws IOException {
        round.run(segments, blocks -> {});
    }

    @Override
    public void close() {
        disk.release();
        writeback.stop();
        log.kill();
    }

    // ---- the cached disk ----

    @Override
    public boolean mustWrite(int position) {
        return mayWrite(position) && isNewest(position);
    }

    @Override
    public boolean mayWrite(int position) {
        return log.entries().dirty(position) != 0;
    }

    @Override
    public boolean isNewerThan(RangeEntry range, long block) {
        return false;
    }

    @Override
    public boolean willChange(long fromBlock, long endBlock) {
        return false;
    }

    @Override
    public void clean(int position) {
        log.entries().setClean(position);
    }

    @Override
    public List<RangeEntry> liveRanges(long upToSeq) {
        return List.copyOf(ranges);
    }

    @Override
    public boolean isNewest(int position) {
        return index.getOrDefault(log.entries().address(position), -1) == position;
    }

    @Override
    public boolean logAnew(int position, int kind, int valid, int dirty, ByteBuffer data, int dataAt) {
        if (noRoom-- > 0) {
            return false;
        }
        add(
                Objects.requireNonNull(log.openForWriteback()),
                log.entries().address(position),
                kind,
                valid,
                dirty,
                data,
                dataAt);
        return true;
    }

    @Override
    public boolean logZeros(RangeEntry range, long block) {
        if (noRoom-- > 0) {
            return false;
        }
        ByteBuffer zeros = ByteBuffer.allocate(BLOCK);
        add(Objects.requireNonNull(log.openForWriteback()), block, EntryKind.REINSERTED, 0xFF, 0xFF, zeros, 0);
        return true;
    }

    @Override
    public long dirtyBlocks() {
        return index.values().stream().filter(p -> log.entries().dirty(p) != 0).count();
    }

    @Override
    public void rangeDone(RangeEntry range) {
        ranges.remove(range);
    }

    // ---- what it is told ----

    @Override
    public void chunkDurable(ChunkBuffer chunk, int firstPosition) {
        for (int i = 0; i < chunk.dataBlocks(); i++) {
            index.put(chunk.address(i), firstPosition + i);
        }
    }

    @Override
    public void chunkEvicted(int firstPosition, int dataBlocks) {
        index.values().removeIf(p -> p >= firstPosition && p < firstPosition + dataBlocks);
    }

    @Override
    public void evictedBelow(long oldest) {}

    @Override
    public void commitEnded() {}

    @Override
    public void deviceFailed(String what) {}

    @Override
    public void batchFailed(String why) {
        told.add("failed: " + why);
    }

    @Override
    public void damaged(int blocks, String what) {
        told.add(blocks + " " + what);
        whenTold.run();
    }
}
