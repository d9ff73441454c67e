package writeboost.app.bench.inside;

import java.io.IOException;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.app.client.Shuffled;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.device.ThrottledDevice;

/** Writes that are each followed by a flush, on a cache device whose flush takes a millisecond. */
final class FlushRateRow implements Row {
    private static final long FLUSH_NS = 1_000_000;
    private static final double FLUSHES_PER_SECOND = 1e9 / FLUSH_NS;
    private static final long CACHE_BYTES = 8L << 30;
    private static final int DISK_BLOCKS = 1 << 18;
    private static final int MANY = 16;

    @Override
    public String name() {
        return "flush-rate";
    }

    @Override
    public String title() {
        return "4 KiB write and flush, the flush of the cache device taking 1 ms";
    }

    @Override
    public String method() {
        return "Each client writes 4 KiB over a connection of its own, flushes, and begins again; a modelled cache device of which only"
                + " the flush takes time. One flush of the device may serve many clients.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        return Outcome.of(figure(bench, 1, 0.8), figure(bench, MANY, 4));
    }

    private static Figure figure(Workbench bench, int clients, double bar) throws IOException {
        String who = clients == 1 ? "1 client" : clients + " clients";
        Samples rates = Rounds.all(bench, who, "per ms", () -> perSecond(bench, clients) / FLUSHES_PER_SECOND);
        return Figure.plain("writes with flush per ms, " + who, "", rates, Bar.atLeast(bar));
    }

    private static double perSecond(Workbench bench, int clients) throws IOException {
        BlockDevice cache = new ThrottledDevice(
                new SparseDevice("cache", CACHE_BYTES), new ThrottledDevice.Limits(0, 0, FLUSH_NS), ModelPair.tasks());
        SparseDevice disk = new SparseDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET)) {
            long endNs = System.nanoTime() + bench.options().seconds() * 1_000_000_000L;
            return Crowd.run(clients, number -> {
                long done = 0;
                try (Feed feed = new Feed(bench, pair)) {
                    Shuffled places = new Shuffled(DISK_BLOCKS, number);
                    long startNs = System.nanoTime();
                    while (System.nanoTime() < endNs) {
                        feed.write(places.next());
                        feed.flush();
                        done++;
                    }
                    return done / ((System.nanoTime() - startNs) / 1e9);
                }
            });
        }
    }
}
