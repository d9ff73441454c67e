package writeboost.app.bench.inside;

import java.io.IOException;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.app.client.Shuffled;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.device.SparseDevice;

/** What opening a full cache reads of it after a crash. */
final class OpeningRow implements Row {
    private static final long CACHE_BYTES = 4L << 30;
    private static final int DISK_BLOCKS = 1 << 22;
    private static final double SHARE = 0.01;
    private static final double BEYOND_BYTES = 32 << 20;
    /** Above that writeback would begin to make room. */
    private static final double FULL = 0.9;

    private static final int WRITES_BETWEEN_LOOKS = 1 << 14;

    @Override
    public String name() {
        return "opening";
    }

    @Override
    public String title() {
        return "Opening a full cache";
    }

    @Override
    public String method() {
        return "A modelled cache of 4 GiB is filled with full chunks of dirty data over NBD, flushed, stopped as by a crash, opened"
                + " again: bytes that opening reads from it, but for the 32 MiB that may be newer than the last sync, / its size.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        CountingDevice cache = new CountingDevice(new SparseDevice("cache", CACHE_BYTES), ModelPair.tasks());
        SparseDevice disk = new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET)) {
            long dirty = fill(bench, pair);
            pair.kill();
            long before = cache.counts().bytesRead();
            long startNs = System.nanoTime();
            pair.open(ModelPair.QUIET);
            double seconds = (System.nanoTime() - startNs) / 1e9;
            double read = cache.counts().bytesRead() - before;
            if (pair.snapshot().dirtyBlocks() != dirty) {
                throw new IOException(
                        "opened with " + pair.snapshot().dirtyBlocks() + " dirty blocks instead of " + dirty);
            }
            return Outcome.of(
                    Figure.plain(
                            "bytes read by opening, but for 32 MiB, / cache size",
                            "",
                            Samples.of(Math.max(0, read - BEYOND_BYTES) / CACHE_BYTES),
                            Bar.atMost(SHARE)),
                    Figure.plain("time of opening, the devices taking none", "s", Samples.of(seconds), Bar.NONE));
        }
    }

    /** Fills the log, and returns how many blocks are dirty. */
    private static long fill(Workbench bench, ModelPair pair) throws IOException {
        try (Feed feed = new Feed(bench, pair)) {
            Shuffled places = new Shuffled(DISK_BLOCKS, 1);
            PairSnapshot now = pair.snapshot();
            while (now.freeSegments() > (1 - FULL) * now.segments()) {
                feed.write(WRITES_BETWEEN_LOOKS, places::next);
                now = pair.snapshot();
            }
            feed.flush();
            return pair.snapshot().dirtyBlocks();
        }
    }
}
