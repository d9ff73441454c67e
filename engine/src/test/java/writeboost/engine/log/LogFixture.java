package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.TapeDevice.Call;
import writeboost.engine.log.TapeDevice.Op;

/** A started log, on real threads, on a device that a test steps in. */
@Timeout(60)
abstract class LogFixture {
    private static final Executor THREADS = body -> {
        Thread thread = new Thread(body, "test");
        thread.setDaemon(true);
        thread.start();
    };

    final MemoryDevice backing = new MemoryDevice("backing", LogImage.BACKING_BYTES);
    TapeDevice cache = new TapeDevice("cache", Geometry.minCacheBytes(LogImage.SEGMENT_BLOCKS));
    OpenLog opened = format();

    private OpenLog format() {
        return format(LogImage.SEGMENT_BLOCKS);
    }

    /** A fresh log, not started. */
    OpenLog format(int segmentBlocks) {
        try {
            cache = new TapeDevice("cache", Geometry.minCacheBytes(segmentBlocks));
            LogFormat.format(cache, backing, LogImage.CACHE, LogImage.PAIR, segmentBlocks, 1);
            opened = OpenLog.open(cache, backing);
            cache.rewind();
            return opened;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() {
        opened.start();
    }

    @AfterEach
    void close() {
        cache.rewind();
        opened.close();
    }

    /** Opens it again as it is on the device; of what is not durable only the writes survive that {@code survives}. */
    OpenLog reopenAfterPowerCut(java.util.function.Predicate<Call> survives) throws IOException {
        cache.rewind();
        opened.close();
        cache.cutPower(survives);
        opened = OpenLog.open(cache, backing);
        return opened;
    }

    boolean isCheckpoint(Call call) {
        return call.op() == Op.WRITE && call.offsetBytes() < geometry().byteOffset(0);
    }

    boolean isChunk(Call call) {
        return call.op() == Op.WRITE && call.offsetBytes() >= geometry().byteOffset(0);
    }

    Geometry geometry() {
        return opened.log.segments().geometry();
    }

    /** Where on the device a block of a segment lies, in bytes. */
    long byteAt(int slot, int offset) {
        return geometry().byteOffset(geometry().position(slot, offset));
    }

    long syncs() {
        return cache.calls().stream().filter(c -> c.op() == Op.SYNC).count();
    }

    /** The chunks that were written, in order, as "seq@segment.offset". */
    List<String> writtenChunks() throws IOException {
        List<String> chunks = new ArrayList<>();
        for (Call call : cache.writes()) {
            if (isChunk(call)) {
                chunks.add(describe(call));
            }
        }
        return chunks;
    }

    private String describe(Call call) throws IOException {
        int position = (int) ((call.offsetBytes() - geometry().byteOffset(0)) / Geometry.BLOCK_BYTES);
        ChunkHeader h = header(position);
        return h.seq() + "@" + h.segmentId() + "." + h.offset();
    }

    ChunkHeader header(int position) throws IOException {
        ByteBuffer block = Blocks.allocate(1);
        cache.read(geometry().byteOffset(position), block);
        int blocks = geometry().segmentBlocks();
        return ChunkHeader.decode(block, 0, LogImage.CACHE, geometry(), position / blocks, position % blocks, new Crc())
                .orElseThrow();
    }

    /** The header of a chunk, from where the log says that it lies. */
    ChunkHeader headerOf(long seq) throws IOException {
        long place = opened.locked(() -> opened.log.placeOf(seq, 0));
        assertThat(place).as("place of chunk %s", seq).isNotEqualTo(-1);
        return header((int) (place / 256) - 1);
    }

    void awaitWritten(long chunks) {
        Awaitility.await().until(() -> opened.locked(opened.log::chunksWritten) >= chunks);
    }

    /** Runs something that may block on a thread of its own. */
    static CompletableFuture<Void> concurrently(Blocking body) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        body.run();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                THREADS);
    }

    /** What may block, and fail. */
    @FunctionalInterface
    interface Blocking {
        void run() throws IOException;
    }
}
