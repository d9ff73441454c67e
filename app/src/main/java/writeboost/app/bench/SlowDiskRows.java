package writeboost.app.bench;

import java.util.List;
import java.util.Map;

/** What a cache gains in front of a slow disk. */
final class SlowDiskRows {
    private static final int CACHE_FRACTION = 4;
    private static final int SMALL_CACHE_FRACTION = 16;
    /** Of 127 blocks of data in each segment of 128, so much that no room need be made. */
    private static final double NEARLY_FULL = 0.9;
    /** What the disk alone is given: some seconds of work, since it manages a hundred or so in one. */
    private static final long WRITES_PER_SECOND = 110;

    private static final Map<String, String> NO_WRITEBACK = Map.of("writeback_threshold", "0");
    /** Half a RAM buffer. */
    private static final long WARM_BYTES = 64L * Load.BLOCK_BYTES;

    private static final String RAW = "raw cache device";

    private SlowDiskRows() {}

    static List<Row> of(BenchOptions options) {
        return List.of(untilFull(options), whileFull(options), randomThenSequential(options));
    }

    private static Row untilFull(BenchOptions options) {
        long bytes = options.diskBytes();
        long cacheBytes = bytes / CACHE_FRACTION;
        long ownBytes = wholeBlocks(cacheBytes * NEARLY_FULL);
        return Comparison.of("slow-until-full", "4 KiB random writes on a slow disk, until the cache is full")
                .measured(
                        "Writes over the whole disk, 32 in flight, and a flush whose time counts: the cache is given as"
                                + " many as nine tenths of it hold, the bare disk as many as take it some seconds. Each turn begins"
                                + " with new files and a program that was just started, and was warmed up by writes to 64 blocks, which"
                                + " stay in a RAM buffer.")
                .fresh()
                .between(own(bytes, cacheBytes, NO_WRITEBACK), SlowDisk.bare(bytes))
                .preparing((bench, server) -> {
                    if (server instanceof OwnPair) {
                        bench.client()
                                .run(Load.randomWrites(WARM_BYTES).forSeconds(options.seconds()), server.address());
                    }
                })
                .load((bench, server) -> Load.randomWrites(bytes)
                        .atMostBytes(server instanceof OwnPair ? ownBytes : bareBytes(options))
                        .flushing(Load.Flush.AT_END))
                .ratio("rate / bare slow disk", Metric.RATE, Bar.atLeast(50), SlowDisk.BARE);
    }

    private static Row whileFull(BenchOptions options) {
        long bytes = options.diskBytes();
        long cacheBytes = bytes / SMALL_CACHE_FRACTION;
        return Comparison.of("slow-while-full", "4 KiB random writes on a slow disk, while the cache stays full")
                .measured(
                        "The cache has a sixteenth of the disk's size and is filled before the turn; then as much again is"
                                + " written over the whole disk, 32 in flight. The bare disk is given as many as take it some"
                                + " seconds, and a flush. Each turn begins with new files.")
                .fresh()
                .between(own(bytes, cacheBytes, Map.of()), SlowDisk.bare(bytes))
                .preparing((bench, server) -> {
                    if (server instanceof OwnPair) {
                        bench.client()
                                .run(
                                        Load.randomWrites(bytes)
                                                .atMostBytes(cacheBytes)
                                                .seed(1),
                                        server.address());
                    }
                })
                .load((bench, server) -> server instanceof OwnPair
                        ? Load.randomWrites(bytes).atMostBytes(cacheBytes)
                        : Load.randomWrites(bytes)
                                .atMostBytes(bareBytes(options))
                                .flushing(Load.Flush.AT_END))
                .ratio("rate / bare slow disk", Metric.RATE, Bar.atLeast(1.5), SlowDisk.BARE);
    }

    private static Row randomThenSequential(BenchOptions options) {
        long bytes = options.diskBytes() / CACHE_FRACTION;
        return Comparison.of("random-then-sequential", "1 MiB sequential read of data written in random 4 KiB order")
                .measured(
                        "Every block of the disk was written once, in random order, and lies on the cache device; then the"
                                + " disk is read from end to end, four requests in flight. The raw cache device: 4 KiB random reads"
                                + " of the same file past the page cache, 32 in flight.")
                .between(
                        own(bytes, 2 * bytes, NO_WRITEBACK),
                        new RawFile(RAW, bench -> bench.data().resolve(OwnPair.Own.CACHE)),
                        SlowDisk.bare(bytes))
                .preparing((bench, server) -> {
                    if (server instanceof OwnPair) {
                        bench.client().run(Load.randomWrites(bytes).onceEach(), server.address());
                        server.sync();
                    }
                })
                .load((bench, server) -> server.name().equals(RAW)
                        ? Load.randomReads(bytes).forSeconds(options.seconds())
                        : Load.sequentialReads(bytes))
                .ratio(
                        "bandwidth / raw 4 KiB reads of the cache device, depth 32",
                        Metric.BANDWIDTH,
                        Bar.atLeast(0.8),
                        RAW)
                .ratio("bandwidth / bare slow disk", Metric.BANDWIDTH, Bar.atLeast(1), SlowDisk.BARE);
    }

    private static Contestant own(long diskBytes, long cacheBytes, Map<String, String> settings) {
        return new OwnPair.Own(SlowDisk.backing(diskBytes), cacheBytes, settings);
    }

    private static long bareBytes(BenchOptions options) {
        return WRITES_PER_SECOND * options.seconds() * Load.BLOCK_BYTES;
    }

    private static long wholeBlocks(double bytes) {
        return (long) bytes / Load.BLOCK_BYTES * Load.BLOCK_BYTES;
    }
}
