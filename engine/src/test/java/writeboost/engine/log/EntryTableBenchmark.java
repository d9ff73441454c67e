package writeboost.engine.log;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import writeboost.engine.benchmarks.Blocks4K;

/** What the log holds at a position: looked at in no order, as the index does, and filled in order, as the committer does. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets them up
public class EntryTableBenchmark {
    private static final int BLOCKS_PER_GIB = 1 << 18;

    /** The cache whose table it is, in GiB. */
    @Param({"1", "16"})
    public int cacheGib;

    private EntryTable table;
    private int mask;
    private long step;

    /** Fills the table. */
    @Setup
    public void fill() {
        mask = cacheGib * BLOCKS_PER_GIB - 1;
        table = new EntryTable(mask + 1);
        for (int p = 0; p <= mask; p++) {
            table.set(p, Blocks4K.scatter(p) >>> 28, EntryKind.WRITTEN, 0xFF, 0xFF, p);
        }
    }

    /** Finds out all that is known of a block. */
    @Benchmark
    public long look() {
        int p = (int) Blocks4K.scatter(step++) & mask;
        return table.address(p) + table.kind(p) + table.valid(p) + table.dirty(p) + table.crc(p);
    }

    /** Notes a block that became durable. */
    @Benchmark
    public void set() {
        int p = (int) step++ & mask;
        table.set(p, step, EntryKind.WRITTEN, 0xFF, 0xFF, p);
    }
}
