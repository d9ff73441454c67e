package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** Exports that come and go, sockets that open and close. */
class NbdServerExportsTest extends NbdServerFixture {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);

    @Test
    void severalExportsAreSeveralDisks() throws Exception {
        server.addExport("a", new MemoryDisk(MIB));
        server.addExport("b", new MemoryDisk(2 * MIB));
        NbdClient a = open("a");
        NbdClient b = open("b");
        a.write(0, randomBytes(1, 512));
        assertThat(b.read(0, 512)).containsOnly(0);
        assertThat(b.size).isEqualTo(2 * MIB);
        assertThat(server.exportNames()).containsExactly("a", "b");
        assertThat(greeted().option(Packet.option(Wire.OPT_LIST))).hasSize(3);
    }

    @Test
    void anExportAddedLaterIsThereForAConnectionInItsHandshake() throws Exception {
        NbdClient client = greeted();
        assertThatThrownBy(() -> client.go("late")).hasMessageContaining("no export");
        server.addExport("late", new MemoryDisk(MIB));
        assertThat(client.go("late").read(0, 1)).hasSize(1);
    }

    @Test
    void namesAreUniqueBoundedAndNotEmpty() throws Exception {
        MemoryDisk disk = new MemoryDisk(4096);
        server.addExport("a", disk);
        assertThatThrownBy(() -> server.addExport("a", disk)).hasMessageContaining("already");
        assertThatThrownBy(() -> server.addExport("", disk)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> server.addExport("a\0", disk)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> server.addExport("ä".repeat(2049), disk)).hasMessageContaining("4096");
        for (int i = 1; i < Limits.EXPORTS_MAX; i++) {
            server.addExport("a" + i, disk);
        }
        assertThatThrownBy(() -> server.addExport("b", disk)).hasMessageContaining("64 exports");
    }

    @Test
    void removingAnExportEndsItsClientsAndNoOthers() throws Exception {
        server.addExport("a", new MemoryDisk(MIB));
        server.addExport("b", new MemoryDisk(MIB));
        NbdClient a = open("a");
        NbdClient b = open("b");
        assertThat(server.removeExport("a", DRAIN_NS)).isTrue();
        assertThat(a.closedByServer()).isTrue();
        assertThat(b.read(0, 512)).hasSize(512);
        assertThatThrownBy(() -> open("a")).hasMessageContaining("no export");
        assertThat(server.removeExport("a", DRAIN_NS)).isTrue();
    }

    @Test
    void aNameCanBeUsedAgainForAnotherDisk() throws Exception {
        server.addExport("a", new MemoryDisk(MIB));
        open("a").write(0, randomBytes(1, 512));
        assertThat(server.removeExport("a", DRAIN_NS)).isTrue();
        server.addExport("a", new MemoryDisk(MIB));
        assertThat(open("a").read(0, 512)).containsOnly(0);
    }

    @Test
    void removingAnExportAnswersWhatIsInFlight() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(MIB);
        server.addExport("a", disk);
        NbdClient client = open("a");
        long cookie = client.requestWrite(0, 0, randomBytes(1, 512));
        await().until(() -> disk.count() == 1);
        CompletableFuture<Boolean> removed = CompletableFuture.supplyAsync(() -> server.removeExport("a", DRAIN_NS));
        await().until(() -> server.exportNames().isEmpty());
        assertThat(removed).isNotDone();
        disk.release(0, DiskError.OK);
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(removed.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.closedByServer()).isTrue();
    }

    @Test
    void aDiskThatKeepsARequestIsReportedAndTheClientCut() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(MIB);
        NbdServer hurried =
                new NbdServer(new HurriedTasks(tasks, 100), (connection, what, cause) -> failures.add(what));
        Path path = folder.resolve("hurried").resolve("s");
        hurried.listenUnix(path);
        hurried.addExport("a", disk);
        NbdClient client = keep(NbdClient.open(path, "a"));
        client.requestWrite(0, 0, new byte[512]);
        await().until(() -> disk.count() == 1);
        assertThat(hurried.removeExport("a", 1)).isFalse();
        assertThat(client.closedByServer()).isTrue();
        assertThat(hurried.bytesHeld()).isPositive();
        disk.releaseAll();
        await().until(() -> hurried.bytesHeld() == 0);
        assertThat(hurried.stop(DRAIN_NS)).isTrue();
    }

    @Test
    void stoppingAnswersWhatIsInFlightAndRemovesTheSocket() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(MIB);
        server.addExport("a", disk);
        NbdClient client = open("a");
        NbdClient negotiating = greeted();
        client.request(Wire.CMD_READ, 0, 0, 512);
        await().until(() -> disk.count() == 1);
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> server.stop(DRAIN_NS));
        await().until(() -> !Files.exists(socket));
        disk.release(0, DiskError.OK);
        assertThat(client.next().data).hasSize(512);
        assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.closedByServer()).isTrue();
        assertThat(negotiating.closedByServer()).isTrue();
        assertThatThrownBy(() -> server.listenUnix(folder.resolve("run").resolve("again")))
                .hasMessageContaining("stopped");
        assertThat(folder.resolve("run").resolve("again")).doesNotExist();
    }

    @Test
    void theSocketIsForItsOwnerOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aPeerWhoIsNotAdmittedGetsNotEvenTheGreeting() throws Exception {
        Path other = folder.resolve("run").resolve("other");
        server.listenUnix(other, channel -> {
            throw new NbdException("user mallory tried to connect");
        });
        assertThat(keep(NbdClient.connect(other)).closedByServer()).isTrue();
        await().until(() -> server.statistics().refused() == 1);
        assertThat(failures).containsExactly("user mallory tried to connect");
    }

    @Test
    void oneServerListensOnSeveralSocketsInOneFolder() throws Exception {
        server.addExport("a", new MemoryDisk(MIB));
        Path other = folder.resolve("run").resolve("other");
        server.listenUnix(other);
        open("a").write(0, randomBytes(1, 512));
        assertThat(keep(NbdClient.open(other, "a")).read(0, 512)).isEqualTo(randomBytes(1, 512));
        assertThat(server.stop(DRAIN_NS)).isTrue();
        assertThat(socket).doesNotExist();
        assertThat(other).doesNotExist();
    }

    @Test
    void aSecondServerOnTheSameSocketIsRefused() throws Exception {
        server.addExport("a", new MemoryDisk(MIB));
        try (NbdServer second = new NbdServer(tasks, (connection, what, cause) -> failures.add(what))) {
            assertThatThrownBy(() -> second.listenUnix(socket))
                    .hasMessageContaining("Another server listens")
                    .extracting(e -> ((EngineException) e).code())
                    .isEqualTo(ErrorCode.IN_USE);
        }
        assertThat(open("a").read(0, 1)).hasSize(1);
    }

    @Test
    void loopbackTcpServesTheSameExports() throws Exception {
        server.addExport("a", new MemoryDisk(MIB));
        InetSocketAddress address = server.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        NbdClient client = keep(NbdClient.connect(address).greet().go("a"));
        client.write(5, randomBytes(2, 100_000));
        assertThat(client.read(5, 100_000)).isEqualTo(randomBytes(2, 100_000));
    }

    @Test
    void tcpBeyondLoopbackIsRefused() {
        for (String host : new String[] {"0.0.0.0", "192.0.2.1", "::"}) {
            assertThatThrownBy(() -> server.listenTcp(new InetSocketAddress(host, 0)))
                    .hasMessageContaining("loopback");
        }
        assertThatThrownBy(() -> server.listenTcp(InetSocketAddress.createUnresolved("localhost", 0)))
                .hasMessageContaining("loopback");
    }

    @Test
    void aServerThatCouldNotHoldTheLargestRequestIsNotMade() {
        assertThatThrownBy(() -> new NbdServer(tasks, (connection, what, cause) -> failures.add(what), (32 << 20) - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("33554432");
    }

    @Test
    void urisNameSocketAndExportEscaped() {
        assertThat(NbdServer.uri(Path.of("/run/wb/v.sock"), "vol")).isEqualTo("nbd+unix:///vol?socket=/run/wb/v.sock");
        assertThat(NbdServer.uri(Path.of("/run/w b/a&b+c%.sock"), "a b?#%/ä"))
                .isEqualTo("nbd+unix:///a%20b%3F%23%25/ä?socket=/run/w%20b/a%26b%2Bc%25.sock");
    }
}
