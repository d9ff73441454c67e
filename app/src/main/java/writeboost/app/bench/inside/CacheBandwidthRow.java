package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.SplittableRandom;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.device.ThrottledDevice;

/** How much of a cache device's bandwidth random writes reach. */
final class CacheBandwidthRow implements Row {
    private static final long BYTES_PER_SECOND = 200_000_000;
    private static final int DISK_BLOCKS = 1 << 22;
    private static final long SEED = 5;

    @Override
    public String name() {
        return "cache-bandwidth";
    }

    @Override
    public String title() {
        return "4 KiB random writes to a cache device of 200 MB/s";
    }

    @Override
    public String method() {
        return "4 KiB writes over NBD, 32 in flight, to random places of a modelled disk of 16 GiB, and a flush at the end that counts;"
                + " a modelled cache device that takes 200 MB/s in all; writeback off.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        long writes = bench.options().seconds() * BYTES_PER_SECOND / Feed.BLOCK_BYTES;
        Samples shares = Rounds.all(bench, "of 200 MB/s", "", () -> bytesPerSecond(bench, writes) / BYTES_PER_SECOND);
        return Outcome.of(Figure.plain("user bytes / 200 MB/s", "", shares, Bar.atLeast(0.95)));
    }

    private static double bytesPerSecond(Workbench bench, long writes) throws IOException {
        long cacheBytes = Math.max(1L << 30, 2 * writes * Feed.BLOCK_BYTES);
        BlockDevice cache = new ThrottledDevice(
                new SparseDevice("cache", cacheBytes),
                new ThrottledDevice.Limits(BYTES_PER_SECOND, 0, 0),
                ModelPair.tasks());
        SparseDevice disk = new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET);
                Feed feed = new Feed(bench, pair)) {
            SplittableRandom random = new SplittableRandom(SEED);
            long startNs = System.nanoTime();
            feed.write(writes, () -> random.nextInt(DISK_BLOCKS));
            feed.flush();
            return writes * Feed.BLOCK_BYTES / ((System.nanoTime() - startNs) / 1e9);
        }
    }
}
