package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.BitSet;
import java.util.Locale;
import java.util.SplittableRandom;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.app.bench.Zipf;
import writeboost.engine.cache.Settings;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.device.ThrottledDevice;

/** How much of what is overwritten again and again the cache keeps from the disk. */
final class OverwriteRow implements Row {
    private static final long CACHE_BYTES = 1L << 30;
    private static final int DISK_BLOCKS = 1 << 21;
    private static final int WRITES = 1 << 17;
    private static final double EXPONENT = 1.1;
    /** Quick enough for writeback to rewrite often what is written often. */
    private static final long REQUEST_NS = 200_000;

    private static final long SEED = 3;

    @Override
    public String name() {
        return "overwrites";
    }

    @Override
    public String title() {
        return "Bytes on the disk for a byte written, zipf 1.1";
    }

    @Override
    public String method() {
        return "512 MiB of 4 KiB writes over NBD to a modelled disk of 8 GiB, places by a zipf distribution with exponent 1.1, then a"
                + " flush. With writeback off until then the least possible is the share of places that differ. At threshold 70 the disk"
                + " takes 0.2 ms for each access, and writeback goes on beside the writes.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        Zipf zipf = new Zipf(DISK_BLOCKS, EXPONENT, random);
        int[] places = new int[WRITES];
        BitSet seen = new BitSet(DISK_BLOCKS);
        for (int i = 0; i < WRITES; i++) {
            places[i] = zipf.next();
            seen.set(places[i]);
        }
        SparseDevice disk = disk();
        double off = run(bench, places, new CountingDevice(disk, ModelPair.tasks()), ModelPair.QUIET);
        ThrottledDevice slow =
                new ThrottledDevice(disk(), new ThrottledDevice.Limits(0, REQUEST_NS, 0), ModelPair.tasks());
        double on = run(bench, places, new CountingDevice(slow, ModelPair.tasks()), Settings.DEFAULT);
        String least = String.format(Locale.ROOT, "the least possible is %.3f", (double) seen.cardinality() / WRITES);
        return Outcome.of(
                Figure.plain(
                                "backing bytes / user bytes, writeback off until the end",
                                "",
                                Samples.of(off),
                                Bar.atMost(0.27))
                        .noting(least),
                Figure.plain("backing bytes / user bytes, threshold 70", "", Samples.of(on), Bar.NONE));
    }

    private static SparseDevice disk() {
        return new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
    }

    private static double run(Workbench bench, int[] places, CountingDevice disk, Settings settings)
            throws IOException {
        SparseDevice cache = new SparseDevice("cache", CACHE_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, settings);
                Feed feed = new Feed(bench, pair)) {
            long before = disk.counts().bytesWritten();
            for (int place : places) {
                feed.write(place);
            }
            feed.flush();
            pair.flush();
            return (disk.counts().bytesWritten() - before) / ((double) places.length * Feed.BLOCK_BYTES);
        }
    }
}
