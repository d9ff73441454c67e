package writeboost.app.bench;

import java.util.List;
import java.util.Map;

/**
 * Beside nbdkit's cache filter, the cache for NBD that one can get today, on the same slow disk. It takes part twice: with its
 * defaults, and with those of its options that suit small requests.
 */
final class CacheFilterRows {
    private static final String DEFAULTS = "nbdkit cache";
    private static final String TUNED = "nbdkit cache, tuned";
    private static final int WRITES = 1000;
    private static final double ZIPF = 1.1;
    private static final int CACHE_FRACTION = 4;
    /** The bar of all of these. */
    static final double TIMES = 3;

    private CacheFilterRows() {}

    static List<Row> of(BenchOptions options) {
        return List.of(
                compared("slow-write", "4 KiB random writes on a slow disk, with a cache", options)
                        .measured(WRITES
                                + " writes over the whole disk, 32 in flight, and a flush whose time counts: until it"
                                + " is answered, no cache has promised anything. Each turn begins with new files.")
                        .load((bench, server) -> Load.randomWrites(options.diskBytes())
                                .atMostBytes((long) WRITES * Load.BLOCK_BYTES)
                                .flushing(Load.Flush.AT_END))
                        .ratio("rate / " + DEFAULTS, Metric.RATE, Bar.atLeast(TIMES), DEFAULTS)
                        .ratio("rate / " + TUNED, Metric.RATE, Bar.atLeast(TIMES), TUNED),
                compared("slow-fsync", "4 KiB write and flush on a slow disk, with a cache", options)
                        .measured(
                                "One client writes 4 KiB at a random place, flushes, and goes on. Each turn begins with new"
                                        + " files.")
                        .load((bench, server) -> Load.randomWrites(options.diskBytes())
                                .depth(1)
                                .forSeconds(options.seconds())
                                .flushing(Load.Flush.AFTER_EACH))
                        .ratio("rate / " + DEFAULTS, Metric.RATE, Bar.atLeast(TIMES), DEFAULTS)
                        .ratio("rate / " + TUNED, Metric.RATE, Bar.atLeast(TIMES), TUNED),
                compared("slow-zipf-read", "4 KiB zipf reads on a slow disk, with a cache that begins empty", options)
                        .measured(
                                "Reads over the whole disk with a zipf distribution of exponent 1.1, 32 in flight, twice as"
                                        + " long as other turns. Each turn begins with new files.")
                        .load((bench, server) ->
                                Load.randomReads(options.diskBytes()).zipf(ZIPF).forSeconds(2 * options.seconds()))
                        .ratio("rate / " + DEFAULTS, Metric.RATE, Bar.atLeast(TIMES), DEFAULTS)
                        .ratio("rate / " + TUNED, Metric.RATE, Bar.atLeast(TIMES), TUNED),
                new UntarRow(own(options), defaults(options), tuned(options)));
    }

    private static Comparison compared(String name, String title, BenchOptions options) {
        return Comparison.of(name, title).fresh().between(own(options), defaults(options), tuned(options));
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
