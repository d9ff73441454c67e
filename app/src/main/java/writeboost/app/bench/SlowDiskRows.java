package writeboost.app.bench;

import java.util.List;
import java.util.Map;

/** What a cache gains in front of a slow disk. */
final class SlowDiskRows {
    private static final int CACHE_FRACTION = 4;
    private static final int SMALL_CACHE_FRACTION = 16;
    /** Clients must leave as many segments as there are RAM buffers: for an eighth of the cache, but no more than so much. */
    private static final int KEPT_FRACTION = 8;

    private static final long KEPT_BYTES_MAX = 64L << 20;
    /** And some for writeback, for what is no log, and for the warm-up. */
    private static final long SPARE_BYTES = 4L << 20;

    private static final double DATA_IN_SEGMENT = 127.0 / 128;
    /** What the disk alone is given: some seconds of work, since it manages a hundred or so in one. */
    private static final long WRITES_PER_SECOND = 110;

    /** Of rows whose ratios are several times their bars: enough to see that they stay there. */
    static final int FAR_ROUNDS = 2;

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
        long ownBytes = untilRoomRunsOut(cacheBytes);
        return Comparison.of("slow-until-full", "4 KiB random writes on a slow disk, until the cache is full")
                .measured(
                        "Writes over the whole disk, 32 in flight, and a flush whose time counts: the cache is given as"
                                + " many as it holds before room must be made, the others as many as take them some seconds: the bare"
                                + " disk, and servers that sit on it without a cache. Each turn begins with new files and a program that"
                                + " was just started, and was warmed up by writes to 64 blocks, which stay in a RAM buffer.")
                .fresh()
                .roundsAtMost(FAR_ROUNDS)
                .between(
                        own(bytes, cacheBytes, NO_WRITEBACK),
                        SlowDisk.bare(bytes),
                        SlowDisk.underNbdkit(bytes),
                        SlowDisk.underQemu(bytes))
                .preparing((bench, server) -> {
                    if (server instanceof OwnPair) {
                        bench.client()
                                .run(Load.randomWrites(WARM_BYTES).forSeconds(options.seconds()), server.address());
                    }
                })
                .load((bench, server) -> Load.randomWrites(bytes)
                        .atMostBytes(server instanceof OwnPair ? ownBytes : bareBytes(options))
                        .flushing(Load.Flush.AT_END))
                .ratio("rate / bare slow disk", Metric.RATE, Bar.atLeast(50), SlowDisk.BARE)
                .ratio("rate / " + SlowDisk.NBDKIT, Metric.RATE, Bar.NONE, SlowDisk.NBDKIT)
                .ratio("rate / " + SlowDisk.QEMU, Metric.RATE, Bar.NONE, SlowDisk.QEMU);
    }

    private static Row whileFull(BenchOptions options) {
        long bytes = options.diskBytes();
        long cacheBytes = bytes / SMALL_CACHE_FRACTION;
        return Comparison.of("slow-while-full", "4 KiB random writes on a slow disk, while the cache stays full")
                .measured(
                        "The cache has a sixteenth of the disk's size and is filled before the turn; then half as much"
                                + " is written over the whole disk, 32 in flight, and flushed. The bare disk, and servers that sit on it"
                                + " without a cache, are given as many writes as take them some seconds, and a flush. Each turn begins"
                                + " with new files.")
                .fresh()
                .roundsAtMost(FAR_ROUNDS)
                .between(
                        own(bytes, cacheBytes, Map.of()),
                        SlowDisk.bare(bytes),
                        SlowDisk.underNbdkit(bytes),
                        SlowDisk.underQemu(bytes))
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
                .load((bench, server) -> Load.randomWrites(bytes)
                        .atMostBytes(server instanceof OwnPair ? cacheBytes / 2 : bareBytes(options))
                        .flushing(Load.Flush.AT_END))
                .ratio("rate / bare slow disk", Metric.RATE, Bar.atLeast(1.5), SlowDisk.BARE)
                .ratio("rate / " + SlowDisk.NBDKIT, Metric.RATE, Bar.NONE, SlowDisk.NBDKIT)
                .ratio("rate / " + SlowDisk.QEMU, Metric.RATE, Bar.NONE, SlowDisk.QEMU);
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
                        new RawFile(RAW, OwnPair.Own.cacheFile(2 * bytes)),
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

    /** What an empty cache takes before somebody must wait for the disk. */
    static long untilRoomRunsOut(long cacheBytes) {
        long kept = Math.min(cacheBytes / KEPT_FRACTION, KEPT_BYTES_MAX) + SPARE_BYTES;
        return (long) ((cacheBytes - kept) * DATA_IN_SEGMENT) / Load.BLOCK_BYTES * Load.BLOCK_BYTES;
    }
}
