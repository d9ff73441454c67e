package writeboost.app.bench.inside;

import java.io.IOException;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.app.client.Shuffled;
import writeboost.engine.device.SparseDevice;

/** How far writeback makes the head of the disk travel. */
final class HeadTravelRow implements Row {
    private static final int DISK_BLOCKS = (512 << 20) / Feed.BLOCK_BYTES;
    private static final int WRITES = (64 << 20) / Feed.BLOCK_BYTES;
    private static final long LARGE_CACHE_BYTES = 256L << 20;
    private static final long SMALL_CACHE_BYTES = 32L << 20;
    private static final double GIB = 1L << 30;
    private static final long SEED = 2;

    @Override
    public String name() {
        return "head-travel";
    }

    @Override
    public String title() {
        return "Head travel of writeback";
    }

    @Override
    public String method() {
        return "64 MiB of 4 KiB writes over NBD to random places of a modelled disk of 512 MiB, then a flush of all that is dirty; the"
                + " sum of the distances between the end of each access to the disk and the beginning of the next. Into the"
                + " larger cache all of it fits; in the smaller one room runs out, and writeback goes on all the time.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        return Outcome.of(
                Figure.plain(
                        "head travel, cache of 256 MiB",
                        "GiB",
                        Samples.of(travel(bench, LARGE_CACHE_BYTES) / GIB),
                        Bar.atMost(4.3)),
                Figure.plain(
                        "head travel, cache of 32 MiB",
                        "GiB",
                        Samples.of(travel(bench, SMALL_CACHE_BYTES) / GIB),
                        Bar.atMost(12)));
    }

    private static long travel(Workbench bench, long cacheBytes) throws IOException {
        HeadTravel disk = new HeadTravel(new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES));
        SparseDevice cache = new SparseDevice("cache", cacheBytes);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET);
                Feed feed = new Feed(bench, pair)) {
            disk.begin(); // opening has looked at both ends of the disk
            feed.write(WRITES, new Shuffled(DISK_BLOCKS, SEED)::next);
            pair.flush();
            return disk.travelBytes();
        }
    }
}
