package writeboost.app.bench.inside;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.engine.device.SparseDevice;

/** What a larger cache costs in memory. */
final class MemoryRow implements Row {
    private static final long SMALL_BYTES = 4L << 30;
    private static final long LARGE_BYTES = 20L << 30;
    private static final long DISK_BYTES = 1L << 30;
    private static final int COLLECTIONS = 3;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "Memory for a block of capacity";
    }

    @Override
    public String method() {
        return "Heap in use, after collecting garbage, with a pair of 20 GiB of modelled cache open, less that with one of 4 GiB,"
                + " divided by the blocks that the one holds more. Segments count; RAM buffers, of which there are the same, do not.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        double[] small = heapAndBlocks(bench, SMALL_BYTES);
        double[] large = heapAndBlocks(bench, LARGE_BYTES);
        double perBlock = (large[0] - small[0]) / (large[1] - small[1]);
        return Outcome.of(Figure.plain("heap / block of capacity", "B", Samples.of(perBlock), Bar.atMost(20)));
    }

    private static double[] heapAndBlocks(Workbench bench, long cacheBytes) throws IOException {
        SparseDevice cache = new SparseDevice("cache", cacheBytes);
        SparseDevice disk = new SparseDevice("disk", DISK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET)) {
            bench.check();
            long blocks = pair.snapshot().capacityBlocks();
            return new double[] {usedHeap(), blocks};
        }
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
