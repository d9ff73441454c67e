package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Series;
import writeboost.app.bench.Workbench;
import writeboost.app.client.Shuffled;
import writeboost.engine.cache.Settings;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DiskModel;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.device.SpinningDevice;

/** Whether writes feel that data moves to the disk meanwhile. */
final class TailLatencyRow implements Row {
    private static final long CACHE_BYTES = 16L << 30;
    private static final int DISK_BLOCKS = 1 << 20;
    private static final int CLIENTS = 8;
    private static final double PERCENTILE = 99.9;
    private static final double LOAD = 0.5;
    /** Data moves whatever clients do. */
    private static final Settings MIGRATING = new Settings(100, 32, 0, 0, 0);
    /** Enough dirty data for the first batch, so that it is on its way from the beginning. */
    private static final int DIRTY_BEFORE = 40 * 127;

    @Override
    public String name() {
        return "tail-latency";
    }

    @Override
    public String title() {
        return "p99.9 of writes while data moves to the disk";
    }

    @Override
    public String method() {
        return "8 clients, each with one 4 KiB write in flight over NBD to random places of 4 GiB of a modelled disk of 7,200 rpm. First as"
                + " fast as they can; then at half that rate, in turns without and with writeback. Latency counts from when a write was"
                + " due, if the one before was not answered by then.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        double rate = LOAD * most(bench);
        for (int round = 1; round <= bench.options().rounds(); round++) {
            without.add(
                    Rounds.one(bench, round, "p99.9 without", "us", () -> percentileUs(bench, rate, ModelPair.QUIET)));
            with.add(Rounds.one(
                    bench, round, "p99.9 while migrating", "us", () -> percentileUs(bench, rate, MIGRATING)));
        }
        Figure ratio = Figure.ratio(
                "p99.9 while migrating / without",
                new Series("while migrating", "us", new Samples(with)),
                new Series("without", "us", new Samples(without)),
                Bar.atMost(3));
        return Outcome.of(ratio.noting(Math.round(rate) + " writes per second"));
    }

    /** Writes per second, unpaced. */
    private static double most(Workbench bench) throws IOException {
        Rounds.Turn turn = () -> run(bench, PacedOperations.UNPACED, ModelPair.QUIET, PacedOperations.histogram());
        return Rounds.all(bench, "as fast as they can", "I/O per second", turn).median();
    }

    private static double percentileUs(Workbench bench, double rate, Settings settings) throws IOException {
        Histogram latencies = PacedOperations.histogram();
        run(bench, rate, settings, latencies);
        return latencies.getValueAtPercentile(PERCENTILE) / 1e3;
    }

    /** Returns how many writes a second were answered. */
    private static double run(Workbench bench, double rate, Settings settings, Histogram latencies) throws IOException {
        BlockDevice disk = new SpinningDevice(
                new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES),
                DiskModel.EXTERNAL_7200_RPM,
                ModelPair.tasks());
        try (ModelPair pair = new ModelPair(bench, new SparseDevice("cache", CACHE_BYTES), disk, settings)) {
            try (Feed feed = new Feed(bench, pair)) {
                feed.write(DIRTY_BEFORE, new Shuffled(DISK_BLOCKS, 1)::next);
                feed.flush();
            }
            double answered = Crowd.run(CLIENTS, number -> client(bench, pair, number, rate / CLIENTS, latencies));
            boolean moves = pair.snapshot().migration().running();
            if (moves != settings.equals(MIGRATING)) {
                throw new IOException("writeback " + (moves ? "runs" : "does not run") + " at the end of a turn");
            }
            return answered;
        }
    }

    private static double client(Workbench bench, ModelPair pair, int number, double rate, Histogram latencies)
            throws IOException {
        Histogram own = PacedOperations.histogram();
        double answered;
        try (Feed feed = new Feed(bench, pair)) {
            Shuffled places = new Shuffled(DISK_BLOCKS, number);
            answered = new PacedOperations(PacedOperations.REAL)
                    .run(rate, bench.options().seconds() * 1_000_000_000L, () -> feed.write(1, places::next), own);
        }
        synchronized (latencies) {
            latencies.add(own);
        }
        return answered;
    }
}
