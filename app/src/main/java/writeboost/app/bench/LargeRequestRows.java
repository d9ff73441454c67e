package writeboost.app.bench;

import java.util.List;
import java.util.Map;

/** Large sequential requests that the cache has nothing to do with: it must not be in their way. */
final class LargeRequestRows {
    private static final String[] FILE_SERVERS = {"nbdkit file", "qemu-nbd", "qemu-nbd direct", "nbd-server"};
    private static final int BUSY_FRACTION = 2;

    private LargeRequestRows() {}

    static List<Row> of(BenchOptions options) {
        return List.of(coldRead(options), unknownWrite(options));
    }

    private static Row coldRead(BenchOptions options) {
        long bytes = options.diskBytes();
        long readBytes = bytes / BUSY_FRACTION;
        Peers.FileSource file = Peers.fullFile("full.img", bytes);
        return Comparison.of("cold-read", "1 MiB sequential read of a cold disk, nothing cached")
                .unless(PageCache::cannotBeDropped)
                .measured("All serve the same file, of which half is read, four requests in flight. The page cache is"
                        + " dropped before each turn.")
                .between(
                        own(bench -> file.in(bench).toString(), bytes),
                        Peers.nbdkitFile(file),
                        Peers.qemuFile(file),
                        Peers.qemuDirect(file),
                        Peers.nbdServer(file))
                .beforeEach((bench, server) -> PageCache.drop())
                .load((bench, server) -> Load.sequentialReads(readBytes))
                .ratio("bandwidth / best peer", Metric.BANDWIDTH, Bar.atLeast(0.95), FILE_SERVERS);
    }

    private static Row unknownWrite(BenchOptions options) {
        long bytes = options.diskBytes() / BUSY_FRACTION;
        return Comparison.of("unknown-write", "1 MiB sequential write of a range that the cache does not know")
                .measured(
                        "Each has a file of its own and writes it from end to end, four requests in flight, and flushes;"
                                + " the time of the flush counts. The cache is emptied before each turn.")
                .between(
                        own(
                                bench -> Peers.emptyFile("disk.img", bytes)
                                        .in(bench)
                                        .toString(),
                                options.diskBytes()),
                        Peers.nbdkitFile(Peers.emptyFile("nbdkit.img", bytes)),
                        Peers.qemuFile(Peers.emptyFile("qemu.img", bytes)),
                        Peers.qemuDirect(Peers.emptyFile("qemu-direct.img", bytes)),
                        Peers.nbdServer(Peers.emptyFile("nbd-server.img", bytes)))
                .beforeEach((bench, server) -> server.forget())
                .load((bench, server) -> Load.sequentialWrites(bytes))
                .ratio("bandwidth / best peer", Metric.BANDWIDTH, Bar.atLeast(0.95), FILE_SERVERS);
    }

    private static Contestant own(OwnPair.Own.Backing backing, long cacheBytes) {
        return new OwnPair.Own(backing, cacheBytes, Map.of());
    }
}
