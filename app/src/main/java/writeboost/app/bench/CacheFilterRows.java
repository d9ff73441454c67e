package writeboost.app.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Beside nbdkit's cache filter, the cache for NBD that one can get today, on the same slow disk. It takes part twice: with its
 * defaults, and with those of its options that suit small requests.
 */
final class CacheFilterRows {
    private static final String DEFAULTS = "nbdkit cache";
    private static final String TUNED = "nbdkit cache, tuned";
    private static final Set<String> UNCACHED = Set.of(SlowDisk.NBDKIT, SlowDisk.QEMU);
    private static final int WRITES = 500;
    private static final double ZIPF = 1.1;
    private static final int CACHE_FRACTION = 4;
    /** The bar of all of these. */
    static final double TIMES = 3;

    private CacheFilterRows() {}

    static List<Row> of(BenchOptions options) {
        return List.of(
                slowWrite(options),
                slowFsync(options),
                slowZipfRead(options),
                new UntarRow(own(options), defaults(options), tuned(options)));
    }

    /** What becomes of these writes without a cache is in {@code slow-until-full}. */
    private static Row slowWrite(BenchOptions options) {
        return Comparison.of("slow-write", "4 KiB random writes on a slow disk, with a cache")
                .measured(WRITES
                        + " writes over the whole disk, 32 in flight, and a flush whose time counts: until it"
                        + " is answered, no cache has promised anything. Each turn begins with new files.")
                .fresh()
                .roundsAtMost(SlowDiskRows.FAR_ROUNDS)
                .between(own(options), defaults(options), tuned(options))
                .load((bench, server) -> Load.randomWrites(options.diskBytes())
                        .atMostBytes((long) WRITES * Load.BLOCK_BYTES)
                        .flushing(Load.Flush.AT_END))
                .ratio("rate / " + DEFAULTS, Metric.RATE, Bar.atLeast(TIMES), DEFAULTS)
                .ratio("rate / " + TUNED, Metric.RATE, Bar.atLeast(TIMES), TUNED);
    }

    private static Row slowFsync(BenchOptions options) {
        return besideAll("slow-fsync", "4 KiB write and flush on a slow disk, with a cache", options)
                .measured(
                        "One client writes 4 KiB at a random place, flushes, and goes on; beside servers without a cache too."
                                + " Each turn begins with new files.")
                .fresh()
                .roundsAtMost(SlowDiskRows.FAR_ROUNDS)
                .load((bench, server) -> Load.randomWrites(options.diskBytes())
                        .depth(1)
                        .forSeconds(options.seconds())
                        .flushing(Load.Flush.AFTER_EACH));
    }

    private static Row slowZipfRead(BenchOptions options) {
        return besideAll("slow-zipf-read", "4 KiB zipf reads on a slow disk, with a cache that begins empty", options)
                .measured("Reads over the whole disk with a zipf distribution of exponent 1.1, 32 in flight, twice as"
                        + " long as other turns but for servers without a cache, which learn nothing. Each turn begins with new"
                        + " files.")
                .fresh()
                .load((bench, server) -> Load.randomReads(options.diskBytes())
                        .zipf(ZIPF)
                        .forSeconds(UNCACHED.contains(server.name()) ? options.seconds() : 2 * options.seconds()));
    }

    private static Comparison besideAll(String name, String title, BenchOptions options) {
        return Comparison.of(name, title)
                .between(
                        own(options),
                        defaults(options),
                        tuned(options),
                        SlowDisk.underNbdkit(options.diskBytes()),
                        SlowDisk.underQemu(options.diskBytes()))
                .ratio("rate / " + DEFAULTS, Metric.RATE, Bar.atLeast(TIMES), DEFAULTS)
                .ratio("rate / " + TUNED, Metric.RATE, Bar.atLeast(TIMES), TUNED)
                .ratio("rate / " + SlowDisk.NBDKIT, Metric.RATE, Bar.NONE, SlowDisk.NBDKIT)
                .ratio("rate / " + SlowDisk.QEMU, Metric.RATE, Bar.NONE, SlowDisk.QEMU);
    }

    /** Our own on a slow disk. */
    private static Contestant own(BenchOptions options) {
        return new OwnPair.Own(SlowDisk.backing(options.diskBytes()), options.diskBytes() / CACHE_FRACTION, Map.of());
    }

    /** The filter as it is. */
    private static Contestant defaults(BenchOptions options) {
        return SlowDisk.under(DEFAULTS, "nbdkit", options.diskBytes(), Peers::nbdkitCacheOn);
    }

    /** Caches reads, in blocks of 4 KiB rather than 64. */
    private static Contestant tuned(BenchOptions options) {
        return SlowDisk.under(
                TUNED,
                "nbdkit",
                options.diskBytes(),
                disk -> Peers.nbdkitCacheOn(disk, "cache-on-read=true", "cache-min-block-size=4K"));
    }
}
