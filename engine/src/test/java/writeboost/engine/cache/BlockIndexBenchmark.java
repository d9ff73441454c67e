package writeboost.engine.cache;

import java.io.IOException;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import writeboost.engine.benchmarks.Blocks4K;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.Invariant;
import writeboost.engine.log.EntryTables;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogListener;
import writeboost.engine.task.ThreadTasks;

/** The index of a full cache: where the newest copy of a block is. Blocks come in no order, so each probe misses the caches. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets them up
public class BlockIndexBenchmark {
    /** Above every address of the index: none of them is there. */
    private static final long ELSEWHERE = 1L << 37;

    /** The cache whose index it is, in GiB. */
    @Param({"1", "16"})
    public int cacheGib;

    private BlockIndex index;
    private int positions;
    private long step;

    /** Fills the index. */
    @Setup
    public void fill() throws IOException {
        ThreadTasks tasks = new ThreadTasks((thread, e) -> {});
        MemoryDevice cache = new MemoryDevice("cache", ((long) cacheGib << 30) + (1 << 20));
        MemoryDevice backing = new MemoryDevice("backing", 4 << 20);
        FormatOptions options = FormatOptions.of(new UUID(1, 2), false);
        CachedDisk.format(cache, backing, options, tasks, Progress.NONE);
        Log log = new PairOpener(cache, backing)
                .read(Progress.NONE, tasks, tasks.newMonitor("benchmark"), LogListener.NONE);
        positions = log.segments().capacitySegments() * Geometry.SEGMENT_BLOCKS;
        index = new BlockIndex(log, positions, Geometry.SEGMENT_BLOCKS);
        for (int p = 0; p < positions; p++) {
            if (p % Geometry.SEGMENT_BLOCKS > 0) { // a header lies at the first
                EntryTables.set(log, p, address(p));
                index.put(address(p), BlockIndex.idOfPosition(p));
            }
        }
        Invariant.check(index.size() > positions / 128L * 126, "nearly every block has an address of its own");
    }

    private static long address(long position) {
        return Blocks4K.scatter(position) >>> 28;
    }

    private int anyPosition() {
        return (int) Long.remainderUnsigned(Blocks4K.scatter(~step++), positions);
    }

    /** Finds a block that is there. */
    @Benchmark
    public int hit() {
        return index.find(address(anyPosition()));
    }

    /** Finds out that a block is not there. */
    @Benchmark
    public int miss() {
        return index.find(address(anyPosition()) | ELSEWHERE);
    }

    /** An old block leaves, as when its room is used again, and one comes. */
    @Benchmark
    public boolean removeAndPut() {
        int p = anyPosition();
        long address = address(p);
        int id = BlockIndex.idOfPosition(p);
        boolean removed = index.remove(address, id);
        if (removed) {
            index.put(address, id);
        }
        return removed;
    }
}
