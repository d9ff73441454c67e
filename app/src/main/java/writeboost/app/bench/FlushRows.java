package writeboost.app.bench;

import java.util.List;
import java.util.Map;

/** Each write flushed before the next, as databases do it, on the real disk of this machine. */
final class FlushRows {
    private static final int MANY = 16;
    private static final int BUSY_FRACTION = 4;
    private static final Map<String, String> NO_WRITEBACK = Map.of("writeback_threshold", "0");
    private static final String FILE = "nbdkit file";

    private FlushRows() {}

    static List<Row> of(BenchOptions options) {
        return List.of(
                row("flush", "4 KiB write and flush on the real disk, 1 client", 1, options),
                row("flush-16", "4 KiB write and flush on the real disk, " + MANY + " clients", MANY, options));
    }

    private static Row row(String name, String title, int clients, BenchOptions options) {
        long busyBytes = options.diskBytes() / BUSY_FRACTION;
        return Comparison.of(name, title)
                .measured(
                        "Each client writes 4 KiB at a random place, flushes, and goes on; writes per second of all. The"
                                + " cache and the peer's file lie in the same folder, and were written over once before.")
                .between(
                        new OwnPair.Own(
                                bench -> Peers.emptyFile("disk.img", options.diskBytes())
                                        .in(bench)
                                        .toString(),
                                options.diskBytes(),
                                NO_WRITEBACK),
                        Peers.nbdkitFile(Peers.fullFile("nbdkit.img", busyBytes)))
                .beforeEach((bench, server) -> server.empty())
                .load((bench, server) -> Load.randomWrites(busyBytes)
                        .depth(1)
                        .clients(clients)
                        .forSeconds(options.seconds())
                        .flushing(Load.Flush.AFTER_EACH))
                .ratio("rate / nbdkit file", Metric.RATE, Bar.atLeast(1), FILE);
    }
}
