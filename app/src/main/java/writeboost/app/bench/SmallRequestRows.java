package writeboost.app.bench;

import java.util.List;
import java.util.Map;

/** Small requests to a cache that has room: what the program itself costs. */
final class SmallRequestRows {
    /** Writes of one turn, at the most, as a multiple of the disk; the cache holds more. */
    private static final double WRITES_PER_TURN = 1.5;

    private static final int CACHE_FACTOR = 2;
    /** The part of the disk that is written: so much must be moved to the disk before the next turn. */
    private static final int BUSY_FRACTION = 4;

    /** Fits into the RAM buffer that is open: nothing of it goes to the cache device while it is read. */
    private static final long RAM_BYTES = 100L * Load.BLOCK_BYTES;
    /** Nothing moves to the disk during a turn. */
    private static final Map<String, String> NO_WRITEBACK = Map.of("writeback_threshold", "0");
    /** And nothing goes to the cache device either, unless a buffer is full. */
    private static final Map<String, String> NO_SYNC =
            Map.of("writeback_threshold", "0", "sync_data_interval", "0", "update_sb_record_interval", "0");

    /** Until all that our server does often has been compiled, and well. */
    private static final int WARM_UPS = 2;

    private static final String MEMORY = "nbdkit memory";

    private SmallRequestRows() {}

    static List<Row> of(BenchOptions options) {
        return List.of(randomWrite(options), writeLatency(options), randomReadInRam(options), randomReadOnSsd(options));
    }

    private static Row randomWrite(BenchOptions options) {
        long bytes = options.diskBytes();
        return Comparison.of("random-write", "4 KiB random write, depth 32")
                .measured("Random writes over a quarter of the disk to a cache that has room for all of them, emptied"
                        + " before each turn. CPU: that of the server's process, all threads.")
                .between(
                        own(bytes, NO_WRITEBACK),
                        Peers.nbdkitMemory(bytes),
                        Peers.qemuFile(Peers.emptyFile("qemu.img", bytes)))
                .beforeEach((bench, server) -> server.empty())
                .warmingUp(WARM_UPS)
                .load((bench, server) -> Load.randomWrites(bytes / BUSY_FRACTION)
                        .atMostBytes((long) (bytes * WRITES_PER_TURN))
                        .forSeconds(options.seconds()))
                .ratio("IOPS / nbdkit memory", Metric.RATE, Bar.atLeast(1), MEMORY)
                .ratio("IOPS / qemu-nbd raw file", Metric.RATE, Bar.atLeast(2), "qemu-nbd")
                .ratio("server CPU per write / nbdkit memory", Metric.CPU, Bar.atMost(1), MEMORY);
    }

    private static Row writeLatency(BenchOptions options) {
        long bytes = options.diskBytes();
        return Comparison.of("write-latency", "4 KiB random write, one at a time")
                .measured("Mean time from sending a write to having its answer, with one write in flight.")
                .between(own(bytes, NO_WRITEBACK), Peers.nbdkitMemory(bytes))
                .beforeEach((bench, server) -> server.empty())
                .warmingUp(WARM_UPS)
                .load((bench, server) -> Load.randomWrites(bytes / BUSY_FRACTION)
                        .depth(1)
                        .atMostBytes((long) (bytes * WRITES_PER_TURN))
                        .forSeconds(options.seconds()))
                .ratio("latency / nbdkit memory", Metric.LATENCY, Bar.atMost(1), MEMORY);
    }

    private static Row randomReadInRam(BenchOptions options) {
        return Comparison.of("random-read-ram", "4 KiB random read of blocks still in RAM, depth 32")
                .measured(
                        "100 blocks that were just written, in a RAM buffer that is not full; of the RAM disk the same"
                                + " blocks.")
                .between(own(options.diskBytes(), NO_SYNC), Peers.nbdkitMemory(options.diskBytes()))
                .preparing((bench, server) ->
                        bench.client().run(Load.randomWrites(RAM_BYTES).onceEach(), server.address()))
                .warmingUp(WARM_UPS)
                .load((bench, server) -> Load.randomReads(RAM_BYTES).forSeconds(options.seconds()))
                .ratio("IOPS / nbdkit memory", Metric.RATE, Bar.atLeast(1), MEMORY);
    }

    private static Row randomReadOnSsd(BenchOptions options) {
        long bytes = options.diskBytes();
        return Comparison.of("random-read-ssd", "4 KiB random read, all on the cache device, depth 32")
                .measured(
                        "Every block of the disk was written once, in random order, and synced; the peer serves a file of"
                                + " the same size, full of data, in the same folder, past the page cache.")
                .between(own(bytes, NO_WRITEBACK), Peers.qemuDirect(Peers.fullFile("full.img", bytes)))
                .preparing((bench, server) -> {
                    if (server instanceof OwnPair) {
                        bench.client().run(Load.randomWrites(bytes).onceEach(), server.address());
                        server.sync();
                    }
                })
                .warmingUp(WARM_UPS)
                .load((bench, server) -> Load.randomReads(bytes).forSeconds(options.seconds()))
                .ratio("IOPS / qemu-nbd --cache=none --aio=io_uring", Metric.RATE, Bar.atLeast(1), "qemu-nbd direct");
    }

    private static Contestant own(long diskBytes, Map<String, String> settings) {
        return new OwnPair.Own(
                bench -> Peers.emptyFile("disk.img", diskBytes).in(bench).toString(),
                diskBytes * CACHE_FACTOR,
                settings);
    }
}
