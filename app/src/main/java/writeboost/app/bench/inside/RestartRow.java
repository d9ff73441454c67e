package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Series;
import writeboost.app.bench.Workbench;
import writeboost.app.bench.Zipf;
import writeboost.app.client.NbdClient;
import writeboost.app.client.Shuffled;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DiskModel;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.device.SpinningDevice;

/** Whether a restart leaves the cache warm. */
final class RestartRow implements Row {
    private static final long CACHE_BYTES = 1L << 30;
    private static final int BUSY_BLOCKS = 1 << 16;
    private static final int CLEAN_BLOCKS = BUSY_BLOCKS / 8;
    private static final long DISK_BYTES = 8L << 30;
    private static final double EXPONENT = 1.1;
    private static final int DEPTH = 32;
    private static final int LOOK_EVERY = 1 << 10;
    private static final long SEED = 6;
    private static final String UNIT = "I/O per second";

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String title() {
        return "Zipf reads right after a restart";
    }

    @Override
    public String method() {
        return "256 MiB of a modelled disk of 7,200 rpm are written through a cache of 1 GiB; an eighth of it is on the disk too,"
                + " the rest only in the cache. 4 KiB reads over NBD, 32 in flight, places by a zipf distribution with exponent 1.1,"
                + " for so many seconds; a clean stop; the pair is opened again in the same process, and at once the same reads.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        List<Double> before = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        BlockDevice disk = new SpinningDevice(
                new SparseDevice("disk", DISK_BYTES), DiskModel.EXTERNAL_7200_RPM, ModelPair.tasks());
        try (ModelPair pair = new ModelPair(bench, new SparseDevice("cache", CACHE_BYTES), disk, ModelPair.QUIET)) {
            warm(bench, pair);
            Rounds.one(bench, 0, "before", UNIT, () -> readsPerSecond(bench, pair));
            for (int round = 1; round <= bench.options().rounds(); round++) {
                before.add(Rounds.one(bench, round, "before", UNIT, () -> readsPerSecond(bench, pair)));
                pair.stop();
                pair.open(ModelPair.QUIET);
                after.add(Rounds.one(bench, round, "after", UNIT, () -> readsPerSecond(bench, pair)));
            }
        }
        return Outcome.of(Figure.ratio(
                "read IOPS after a restart / before it",
                new Series("after", UNIT, new Samples(after)),
                new Series("before", UNIT, new Samples(before)),
                Bar.atLeast(0.95)));
    }

    private static void warm(Workbench bench, ModelPair pair) throws IOException {
        Shuffled places = new Shuffled(BUSY_BLOCKS, SEED);
        try (Feed feed = new Feed(bench, pair)) {
            feed.write(CLEAN_BLOCKS, places::next);
            pair.flush();
            feed.write(BUSY_BLOCKS - CLEAN_BLOCKS, places::next);
            feed.flush();
        }
    }

    private static double readsPerSecond(Workbench bench, ModelPair pair) throws IOException {
        Zipf zipf = new Zipf(BUSY_BLOCKS, EXPONENT, new SplittableRandom(SEED));
        try (NbdClient client = pair.connect()) {
            long startNs = System.nanoTime();
            long endNs = startNs + bench.options().seconds() * 1_000_000_000L;
            long reads = 0;
            while (System.nanoTime() < endNs) {
                if (reads++ % LOOK_EVERY == 0) {
                    bench.check();
                }
                client.readAndForget((long) zipf.next() * Feed.BLOCK_BYTES, Feed.BLOCK_BYTES, DEPTH);
            }
            client.awaitAll();
            return reads / ((System.nanoTime() - startNs) / 1e9);
        }
    }
}
