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
import writeboost.app.config.Sizes;
import writeboost.engine.device.SparseDevice;

/** Whether a large cache is slower than a small one. */
final class GrowthRow implements Row {
    private static final List<Long> CACHES = List.of(1L << 30, 16L << 30, 64L << 30, 256L << 30);
    private static final int DISK_BLOCKS = 1 << 24;
    private static final int WARM_UP = 40_000;
    /** Half of what the smallest cache holds, so that writeback does not begin. */
    private static final int WRITES = 100_000;
    /** More than the 17 and a half that a block of capacity takes. */
    private static final int HEAP_PER_BLOCK = 24;

    private static final long SEED = 7;
    private static final String UNIT = "I/O per second";

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String title() {
        return "4 KiB random writes with ever larger caches";
    }

    @Override
    public String method() {
        return "100,000 4 KiB writes over NBD, 32 in flight, to random places of a modelled disk of 64 GiB, to empty modelled caches of"
                + " 1, 16, 64 and 256 GiB in turns, none of which gets full. Rate with the smallest / rate with the others.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        List<String> leftOut = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (long cacheBytes : CACHES) {
            if (cacheBytes / Feed.BLOCK_BYTES * HEAP_PER_BLOCK
                    < Runtime.getRuntime().maxMemory() / 2) {
                sizes.add(cacheBytes);
            } else {
                leftOut.add("a cache of " + Sizes.format(cacheBytes) + " needs "
                        + Sizes.format(cacheBytes / Feed.BLOCK_BYTES * HEAP_PER_BLOCK * 2)
                        + " of heap here: WRITEBOOST_JAVA_OPTS=-Xmx...");
            }
        }
        List<List<Double>> rates =
                sizes.stream().<List<Double>>map(size -> new ArrayList<>()).toList();
        Rounds.one(bench, 0, Sizes.format(CACHES.get(0)), UNIT, () -> writesPerSecond(bench, CACHES.get(0)));
        for (int round = 1; round <= bench.options().rounds(); round++) {
            for (int i = 0; i < sizes.size(); i++) {
                long cacheBytes = sizes.get(i);
                rates.get(i)
                        .add(Rounds.one(
                                bench,
                                round,
                                Sizes.format(cacheBytes),
                                UNIT,
                                () -> writesPerSecond(bench, cacheBytes)));
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 1; i < sizes.size(); i++) {
            figures.add(Figure.ratio(
                    "write IOPS, " + Sizes.format(sizes.get(0)) + " / " + Sizes.format(sizes.get(i)),
                    series(sizes.get(0), rates.get(0)),
                    series(sizes.get(i), rates.get(i)),
                    Bar.atMost(1.2)));
        }
        return new Outcome(figures, leftOut);
    }

    private static Series series(long cacheBytes, List<Double> rates) {
        return new Series("cache of " + Sizes.format(cacheBytes), UNIT, new Samples(rates));
    }

    private static double writesPerSecond(Workbench bench, long cacheBytes) throws IOException {
        SparseDevice cache = new SparseDevice("cache", cacheBytes);
        SparseDevice disk = new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET);
                Feed feed = new Feed(bench, pair)) {
            SplittableRandom random = new SplittableRandom(SEED);
            feed.write(WARM_UP, () -> random.nextInt(DISK_BLOCKS));
            long startNs = System.nanoTime();
            feed.write(WRITES, () -> random.nextInt(DISK_BLOCKS));
            return WRITES / ((System.nanoTime() - startNs) / 1e9);
        }
    }
}
