package writeboost.app.bench.inside;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Pause;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.engine.device.SparseDevice;

/** What a larger cache costs in memory. */
final class MemoryRow implements Row {
    private static final long SMALL_BYTES = 4L << 30;
    private static final long LARGE_BYTES = 20L << 30;
    private static final long DISK_BYTES = 1L << 30;
    /** Threads that have just ended may hold what they used for a moment: until two readings in a row are this close. */
    private static final long STEADY_BYTES = 64 << 10;

    private static final int MAX_COLLECTIONS = 20;
    private static final long BETWEEN_MS = 50;

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
        return "Heap in use, after collecting garbage, with a pair of 20 GiB of modelled cache open, less that before it was opened;"
                + " of that less the same of a pair of 4 GiB, divided by the blocks that the one holds more. Segments count; RAM"
                + " buffers, of which there are the same, do not.";
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
        long before = usedHeap();
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET)) {
            bench.check();
            long blocks = pair.snapshot().capacityBlocks();
            return new double[] {usedHeap() - before, blocks};
        }
    }

    private static long usedHeap() throws IOException {
        long last = 0;
        for (int i = 0; i < MAX_COLLECTIONS; i++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (Math.abs(used - last) < STEADY_BYTES) {
                return used;
            }
            last = used;
            Pause.ms(BETWEEN_MS);
        }
        return last;
    }
}
