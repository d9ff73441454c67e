package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

/** What the log costs: bytes that the cache device writes, and room in the log, for a byte that a client writes. */
final class LogCostRow implements Row {
    private static final long CACHE_BYTES = 512L << 20;
    private static final int DISK_BLOCKS = 1 << 18;
    private static final int SEGMENT_BYTES = 512 << 10;
    private static final int KIB = 1024;
    private static final long SEED = 1;

    /** How the client flushes, and what that may cost. */
    private enum Manner {
        NEVER("full chunks", 127 * 128, 0, 1.01),
        EACH("a flush after every 4 KiB", 8192, 1, 2.05),
        OFTEN("a flush after every 128 KiB", 16_384, 32, 1.05);

        private final String text;
        private final int blocks;
        /** Blocks between two flushes; 0 for none but the last. */
        private final int between;

        private final double bar;

        Manner(String text, int blocks, int between, double bar) {
            this.text = text;
            this.blocks = blocks;
            this.between = between;
            this.bar = bar;
        }
    }

    @Override
    public String name() {
        return "log-cost";
    }

    @Override
    public String title() {
        return "Bytes and room in the log for a byte written";
    }

    @Override
    public String method() {
        return "4 KiB writes over NBD to places that differ, then a sync; all bytes that the modelled cache device was given since"
                + " the first of them, checkpoints included, and all segments that were begun.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (Manner manner : Manner.values()) {
            measure(bench, manner, figures);
        }
        return new Outcome(figures, List.of());
    }

    private static void measure(Workbench bench, Manner manner, List<Figure> figures) throws IOException {
        CountingDevice cache = new CountingDevice(new SparseDevice("cache", CACHE_BYTES), ModelPair.tasks());
        SparseDevice backing = new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, backing, ModelPair.QUIET);
                Feed feed = new Feed(bench, pair)) {
            long before = cache.counts().bytesWritten();
            Shuffled places = new Shuffled(DISK_BLOCKS, SEED);
            for (int i = 1; i <= manner.blocks; i++) {
                feed.write(places.next());
                if (manner.between > 0 && i % manner.between == 0) {
                    feed.flush();
                }
            }
            feed.flush();
            pair.sync();
            double userBytes = (double) manner.blocks * Feed.BLOCK_BYTES;
            PairSnapshot after = pair.snapshot();
            long room = (after.segments() - after.freeSegments()) * SEGMENT_BYTES;
            figures.add(
                    figure("cache bytes / user bytes, ", manner, (cache.counts().bytesWritten() - before) / userBytes));
            figures.add(figure("log room / user bytes, ", manner, room / userBytes));
        }
    }

    private static Figure figure(String what, Manner manner, double ratio) {
        return Figure.plain(what + manner.text, "", Samples.of(ratio), Bar.atMost(manner.bar))
                .noting(manner.blocks * (Feed.BLOCK_BYTES / KIB) / KIB + " MiB");
    }
}
