package writeboost.engine.cache;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import writeboost.engine.benchmarks.Blocks4K;
import writeboost.engine.benchmarks.NullDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.error.Invariant;
import writeboost.engine.log.Blocks;
import writeboost.engine.task.ThreadTasks;

/**
 * Requests of 4 KiB to a whole cached disk, on devices that take no time: what the engine itself costs, the tasks of its log
 * included. Their data are zeros, so that what the devices "hold" fits its checksum.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets them up
public class DiskBenchmark {
    /** Requests of one invocation: as much as the largest pool of RAM buffers holds. */
    private static final int BATCH = 16_384;

    private static final int BLOCK_BYTES = 4096;
    private static final long CACHE_BYTES = 1L << 30;
    private static final long BACKING_BYTES = 64L << 30;
    /** More than the RAM buffers hold, and few enough that hardly a copy is still the newest one when its room is needed again. */
    private static final int MANY_BLOCKS = 16_384;
    /** Fits into one RAM buffer, so that each is overwritten in place. */
    private static final int FEW_BLOCKS = 64;

    private final ThreadTasks tasks = new ThreadTasks((thread, e) -> {});
    private final Request request = new Request();
    private CachedDisk disk;
    private long step;

    private static final class Request extends DiskRequest {
        private final Semaphore ended = new Semaphore(0);

        @Override
        public void complete(DiskError error) {
            Invariant.check(error == DiskError.OK, "a disk that takes no time does not fail");
            ended.release();
        }
    }

    /** Opens an empty cache. */
    @Setup
    public void open() throws IOException {
        NullDevice cache = new NullDevice("cache", CACHE_BYTES);
        NullDevice backing = new NullDevice("backing", BACKING_BYTES);
        CachedDisk.format(cache, backing, FormatOptions.of(new UUID(1, 2), false), tasks, Progress.NONE);
        Settings quiet = new Settings(0, 32, 0, 0, 0);
        disk = CachedDisk.open(cache, backing, quiet, tasks, event -> {}, Progress.NONE);
        request.data = Blocks.allocate(1);
        request.lengthBytes = BLOCK_BYTES;
        few(DiskRequest.Op.WRITE, FEW_BLOCKS);
    }

    /** Closes it. */
    @TearDown
    public void close() throws IOException {
        disk.kill();
    }

    private void submit(DiskRequest.Op op, long block) {
        request.op = op;
        request.offsetBytes = block * BLOCK_BYTES;
        disk.submit(request);
        request.ended.acquireUninterruptibly();
    }

    private void few(DiskRequest.Op op, int count) {
        for (int i = 0; i < count; i++) {
            submit(op, i % FEW_BLOCKS);
        }
    }

    /** Writes of random blocks: each is appended to the log, whose oldest segments, superseded by then, are used again. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void append() {
        for (int i = 0; i < BATCH; i++) {
            submit(DiskRequest.Op.WRITE, Blocks4K.scatter(step++) & (MANY_BLOCKS - 1));
        }
    }

    /** Writes of few blocks, which the RAM buffer holds. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void overwrite() {
        few(DiskRequest.Op.WRITE, BATCH);
    }

    /** Reads of few blocks, which the RAM buffer holds. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void readFromRam() {
        few(DiskRequest.Op.READ, BATCH);
    }
}
