package writeboost.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.device.ReturningDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** A pair in memory, on real threads, that a test drives by blocking calls. */
public final class TestPair implements AutoCloseable {
    /** Settings under which writeback moves nothing by itself. */
    public static final Settings QUIET = new Settings(0, 32, 0, 0, 0);

    public final BlockDevice cache;
    public final BlockDevice backing;
    public final List<EngineEvent> events = new CopyOnWriteArrayList<>();
    public final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    public final Tasks tasks;
    public CachedDisk disk;

    /** Formats and opens. */
    public TestPair(BlockDevice cache, BlockDevice backing, int segmentBlocks, Settings settings) throws IOException {
        this(cache, backing, segmentBlocks, settings, UnaryOperator.identity());
    }

    /** Formats and opens, on tasks that are made of real ones. */
    public TestPair(
            BlockDevice cache,
            BlockDevice backing,
            int segmentBlocks,
            Settings settings,
            UnaryOperator<Tasks> wrapTasks)
            throws IOException {
        this.tasks = wrapTasks.apply(new ThreadTasks((thread, e) -> uncaught.add(e)));
        this.cache = cache;
        this.backing = backing;
        FormatOptions options = new FormatOptions(new UUID(1, 2), new UUID(3, 4), segmentBlocks, false);
        CachedDisk.format(keptOpen(cache), keptOpen(backing), options, tasks, Progress.NONE);
        disk = open(settings);
    }

    /** A pair of memory devices, with so many segments of 512 KiB. */
    public static TestPair ofSegments(int segments, long backingBytes, Settings settings) throws IOException {
        long cacheBytes = Geometry.minCacheBytes(Geometry.SEGMENT_BLOCKS) + (segments - 32) * 512L * 1024;
        return new TestPair(
                new MemoryDevice("cache", cacheBytes), new MemoryDevice("backing", backingBytes), 128, settings);
    }

    /** Opens again, after {@code disk.stop()} or {@code disk.kill()}. */
    public CachedDisk open(Settings settings) throws IOException {
        disk = CachedDisk.open(keptOpen(cache), keptOpen(backing), settings, tasks, events::add, Progress.NONE);
        return disk;
    }

    /** One that comes and goes must be known as such. */
    private static BlockDevice keptOpen(BlockDevice device) {
        return device instanceof ReturningDevice ? device : new KeptOpenDevice(device);
    }

    /** Submits a request and waits for its end. */
    public DiskError run(DiskRequest.Op op, long offset, long length, byte[] data, boolean fua) {
        return start(op, offset, length, data, fua).join();
    }

    /** Submits a request. Its end is in the future, and then what was read is in {@code data}. */
    public CompletableFuture<DiskError> start(DiskRequest.Op op, long offset, long length, byte[] data, boolean fua) {
        return start(op, offset, length, data, r -> r.fua = fua);
    }

    /** Submits a request with such flags. */
    public CompletableFuture<DiskError> start(
            DiskRequest.Op op, long offset, long length, byte[] bytes, Consumer<DiskRequest> flags) {
        CompletableFuture<DiskError> ended = new CompletableFuture<>();
        disk.submit(request(op, offset, length, bytes, flags, ended));
        return ended;
    }

    /** Begins a request; what is left to the caller is left to the test. */
    public Begun begin(DiskRequest.Op op, long offset, byte[] bytes, boolean fua) {
        CompletableFuture<DiskError> ended = new CompletableFuture<>();
        return new Begun(disk.begin(request(op, offset, bytes.length, bytes, r -> r.fua = fua, ended)), ended);
    }

    /**
     * A request that has begun.
     *
     * @param rest what is left to the caller
     */
    public record Begun(@Nullable Runnable rest, CompletableFuture<DiskError> ended) {}

    private DiskRequest request(
            DiskRequest.Op op,
            long offset,
            long length,
            byte[] bytes,
            Consumer<DiskRequest> flags,
            CompletableFuture<DiskError> ended) {
        DiskRequest r = new DiskRequest() {
            @Override
            public void complete(DiskError error) {
                ByteBuffer b = this.data;
                if (op == Op.READ && b != null) {
                    b.get(0, bytes);
                }
                if (!ended.complete(error)) {
                    uncaught.add(new IllegalStateException("a request was completed twice: " + op));
                }
            }
        };
        flags.accept(r);
        r.op = op;
        r.offsetBytes = offset;
        r.lengthBytes = length;
        int dataBytes = op == DiskRequest.Op.READ || op == DiskRequest.Op.WRITE ? (int) length : 0;
        ByteBuffer buffer = Blocks.allocate((dataBytes + 4095) / 4096).limit(dataBytes);
        if (op == DiskRequest.Op.WRITE) {
            buffer.put(0, bytes);
        }
        r.data = buffer;
        return r;
    }

    public DiskError write(long offset, byte[] data) {
        return run(DiskRequest.Op.WRITE, offset, data.length, data, false);
    }

    public DiskError flush() {
        return run(DiskRequest.Op.FLUSH, 0, 0, new byte[0], false);
    }

    public DiskError trim(long offset, long length) {
        return run(DiskRequest.Op.TRIM, offset, length, new byte[0], false);
    }

    public DiskError zero(long offset, long length) {
        return run(DiskRequest.Op.ZERO, offset, length, new byte[0], false);
    }

    /** Reads, and fails unless that succeeds. */
    public byte[] read(long offset, int length) {
        byte[] data = new byte[length];
        DiskError error = run(DiskRequest.Op.READ, offset, length, data, false);
        if (error != DiskError.OK) {
            throw new IllegalStateException("read of " + length + " at " + offset + ": " + error);
        }
        return data;
    }

    /** What the backing device alone holds. */
    public byte[] backing(long offset, int length) throws IOException {
        return contentOf(backing, offset, length);
    }

    /** What a device holds. */
    public static byte[] contentOf(BlockDevice device, long offset, int length) throws IOException {
        ByteBuffer b = Blocks.allocate((length + 4095) / 4096);
        long start = offset / 4096 * 4096;
        ByteBuffer whole = Blocks.allocate((int) ((offset + length - start + 4095) / 4096));
        whole.limit((int) Math.min(whole.capacity(), device.sizeBytes() - start));
        device.read(start, whole);
        byte[] data = new byte[length];
        whole.get((int) (offset - start), data);
        assert b.capacity() >= length;
        return data;
    }

    @Override
    public void close() throws IOException {
        disk.stop();
        if (!uncaught.isEmpty()) {
            throw new IllegalStateException("a task of the engine died", uncaught.get(0));
        }
    }
}
