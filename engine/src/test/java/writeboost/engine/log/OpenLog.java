package writeboost.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.task.Monitor;

/**
 * A log that was opened, and an owner for it that keeps the simplest of indexes: the position of the newest durable
 * entry of each block. Chunks are told as text: {@code 3@5.1 W7 T100+50} is seq 3, in segment 5 at block 1, block 7
 * written, then 50 blocks from 100 on trimmed.
 */
final class OpenLog implements LogListener, AutoCloseable {
    private static final String KINDS = "?WSRLTZN";

    final QuickTasks tasks = new QuickTasks();
    final Monitor lock = tasks.newMonitor("log");
    final BlockDevice cache;
    final Replay replay;
    final Log log;
    /** The chunks that replay delivered. */
    final List<String> chunks = new ArrayList<>();
    /** What the log told its owner. */
    final List<String> events = new CopyOnWriteArrayList<>();

    private final TreeMap<Long, Integer> index = new TreeMap<>();

    /** Opens; the log is not started yet. */
    OpenLog(BlockDevice cache, BlockDevice backing, boolean forget) throws IOException {
        this.cache = cache;
        replay = new Replay(cache, Superblock.read(cache).orElseThrow());
        replay.read((done, total) -> true);
        log = replay.newLog(tasks, lock, this);
        replay.deliver(this::delivered);
        replay.finish(log, backing, forget);
    }

    static OpenLog open(BlockDevice cache, BlockDevice backing) throws IOException {
        return new OpenLog(cache, backing, false);
    }

    /** Starts it; events are those from now on. */
    OpenLog start() {
        events.clear();
        log.start();
        return this;
    }

    private void delivered(long seq, int firstPosition, int dataBlocks, List<RangeEntry> ranges) {
        StringBuilder text = new StringBuilder(place(seq, firstPosition));
        for (int i = 0; i <= dataBlocks; i++) {
            for (RangeEntry range : ranges) {
                if (range.dataBefore() == i) {
                    text.append(' ').append(KINDS.charAt(range.kind()));
                    text.append(range.address()).append('+').append(range.lengthBlocks());
                }
            }
            if (i < dataBlocks) {
                int position = firstPosition + i;
                text.append(' ').append(KINDS.charAt(log.entries().kind(position)));
                text.append(log.entries().address(position));
                index.put(log.entries().address(position), position);
            }
        }
        chunks.add(text.toString());
    }

    private String place(long seq, int firstPosition) {
        int blocks = log.segments().segmentBlocks();
        int header = firstPosition - 1;
        return seq + "@" + log.segments().idOf(header / blocks) + "." + header % blocks;
    }

    // ---- the owner ----

    /** Appends blocks, as a client does, to the open chunk or a new one. Returns the seq, or 0 if there is no room. */
    long append(long... addresses) {
        lock.lock();
        try {
            long seq = 0;
            for (long address : addresses) {
                ChunkBuffer c = log.openForClient();
                if (c == null) {
                    return 0;
                }
                seq = c.seq();
                fill(c, address);
            }
            return seq;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a block to a chunk, with {@link LogImage#content} for its data. With the lock. */
    void fill(ChunkBuffer c, long address) {
        ByteBuffer content = LogImage.content(address, c.seq());
        int crc = new Crc().of(content, 0, Geometry.BLOCK_BYTES);
        int data = log.addBlock(c, address, EntryKind.WRITTEN, 0xFF, 0xFF, crc);
        c.memory().put(ChunkBuffer.dataAt(data), content, 0, Geometry.BLOCK_BYTES);
        log.added(c);
    }

    /** Closes the open chunk. Returns the seq that covers all appended so far. */
    long close(CloseReason reason) {
        lock.lock();
        try {
            return log.close(reason);
        } finally {
            lock.unlock();
        }
    }

    /** One chunk of these blocks, closed. Returns its seq. */
    long chunk(long... addresses) {
        append(addresses);
        return close(CloseReason.FLUSH);
    }

    /** Appends a chunk and waits until it is durable. Returns its seq. */
    long durableChunk(long... addresses) throws IOException {
        long seq = chunk(addresses);
        log.awaitDurable(seq);
        return seq;
    }

    /** Asks for a chunk to be durable, without waiting. */
    void want(long seq) {
        lock.lock();
        log.wantDurable(seq);
        lock.unlock();
    }

    /** What a look under the lock says. */
    <T> T locked(java.util.function.Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    Marks marks() {
        return locked(log::marks);
    }

    int usedBuffers() {
        return locked(log::usedBuffers);
    }

    /** The seq in whose chunk the newest durable entry of a block lies, if its data is what was appended; -1 if not. */
    long seqHolding(long address) throws IOException {
        int position = locked(() -> index.getOrDefault(address, -1));
        if (position < 0) {
            return 0;
        }
        ByteBuffer block = Blocks.allocate(1);
        cache.read(log.segments().geometry().byteOffset(position), block);
        long seq = locked(() -> log.segments().seqOf(position));
        boolean fits = block.flip().mismatch(LogImage.content(address, seq)) < 0
                && new Crc().of(block, 0, Geometry.BLOCK_BYTES) == log.entries().crc(position);
        return fits ? seq : -1;
    }

    // ---- what the log tells ----

    @Override
    public void chunkDurable(ChunkBuffer chunk, int firstPosition) {
        events.add("durable " + chunk.seq());
        for (int i = 0; i < chunk.dataBlocks(); i++) {
            index.put(chunk.address(i), firstPosition + i);
        }
    }

    @Override
    public void chunkEvicted(int firstPosition, int dataBlocks) {
        events.add("evicted " + log.segments().seqOf(firstPosition));
        index.values().removeIf(p -> p >= firstPosition && p < firstPosition + dataBlocks);
    }

    @Override
    public void evictedBelow(long oldest) {
        events.add("below " + oldest);
    }

    @Override
    public void commitEnded() {}

    @Override
    public void deviceFailed(String what) {
        events.add("failed: " + what);
    }

    @Nullable String broken() {
        lock.lock();
        try {
            return log.broken();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of everything, as a crash would; fails if a task died. */
    @Override
    public void close() {
        log.kill();
        if (!tasks.uncaught.isEmpty()) {
            throw new AssertionError("a task of the log died", tasks.uncaught.get(0));
        }
    }
}
