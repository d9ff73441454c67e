package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** client4: clients that stand still with memory in their hands. The server's clock is put forward. */
@Timeout(120)
class NbdServerStallTest extends NbdServerFixture {
    private static final int LARGE = 16 << 20;
    private static final long A_MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    private final MemoryDisk disk = new MemoryDisk(64 << 20);
    private final MemoryDisk.Held held = new MemoryDisk.Held(64 << 20, request -> request.op == DiskRequest.Op.READ);

    private final SkippingTasks clock = new SkippingTasks(tasks);

    @Override
    NbdServer makeServer() {
        return new NbdServer(clock, (connection, what, cause) -> failures.add(what), 32 << 20);
    }

    @BeforeEach
    void exportBoth() throws Exception {
        server.addExport("vol", disk);
        server.addExport("held", held);
    }

    /** A client that has sent a part of a WRITE; its connection holds all the memory that it takes. */
    private NbdClient stalled(int lengthBytes) throws IOException {
        NbdClient client = open("vol");
        long before = server.bytesHeld();
        client.send(client.prepare(Wire.CMD_WRITE, 0, lengthBytes).raw(new byte[100]));
        await().until(() -> server.bytesHeld() >= before + lengthBytes);
        return client;
    }

    private static CompletableFuture<DiskError> written(NbdClient client, byte[] data) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.write(0, data);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** Lets minutes pass until the request has ended. */
    private DiskError afterAWhile(CompletableFuture<DiskError> request) throws Exception {
        while (!request.isDone()) {
            clock.skip(A_MINUTE_NS);
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return request.get();
    }

    @Test
    void client4WhoStallsInAPayloadIsCutOnceOthersWaitForItsMemory() throws Exception {
        List<NbdClient> stalled = List.of(stalled(LARGE), stalled(LARGE));
        NbdClient honest = open("vol");
        byte[] data = randomBytes(1, LARGE);
        assertThat(afterAWhile(written(honest, data))).isEqualTo(DiskError.OK);
        assertThat(honest.read(0, LARGE)).isEqualTo(data);
        assertThat(failures).isNotEmpty().allMatch(what -> what.contains("longer than 30 s over one payload"));
        int left = 1 + stalled.size() - failures.size();
        await().untilAsserted(() -> assertThat(server.statistics().clients()).isLessThanOrEqualTo(left));
    }

    @Test
    void client4WhoStallsInAPayloadIsLeftAloneWhileThereIsEnoughForAll() throws Exception {
        byte[] data = randomBytes(2, LARGE);
        NbdClient slow = open("vol");
        slow.send(slow.prepare(Wire.CMD_WRITE, 0, LARGE).raw(java.util.Arrays.copyOf(data, 100)));
        await().until(() -> server.bytesHeld() >= LARGE);
        clock.skip(A_MINUTE_NS);
        NbdClient other = open("vol");
        assertThat(other.write(32 << 20, new byte[65536])).isEqualTo(DiskError.OK);
        slow.send(Packet.of().raw(java.util.Arrays.copyOfRange(data, 100, LARGE)));
        assertThat(slow.next().error).isZero();
        assertThat(other.read(0, LARGE)).isEqualTo(data);
        assertThat(failures).isEmpty();
    }

    @Test
    void client4WhoTakesNoRepliesIsCutOnceOthersWaitForItsMemory() throws Exception {
        NbdClient deaf = open("held");
        deaf.request(Wire.CMD_READ, 0, 0, LARGE);
        deaf.request(Wire.CMD_READ, 0, 0, LARGE);
        await().until(() -> held.count() == 2);
        held.releaseAll(); // Its replies go as far as its socket takes them.
        NbdClient honest = open("vol");
        byte[] data = randomBytes(3, LARGE);
        assertThat(afterAWhile(written(honest, data))).isEqualTo(DiskError.OK);
        assertThat(failures).singleElement().asString().contains("or reply, while others waited for the memory");
    }

    @Test
    void client4WhoWaitsForASlowDiskIsNotCutForIt() throws Exception {
        NbdClient patient = open("held");
        patient.request(Wire.CMD_READ, 0, 0, LARGE);
        patient.request(Wire.CMD_READ, 0, 0, LARGE);
        await().until(() -> held.count() == 2);
        NbdClient waiting = open("vol");
        CompletableFuture<DiskError> written = written(waiting, new byte[LARGE]);
        for (int looks = 0; looks < 3; looks++) {
            clock.skip(A_MINUTE_NS);
            TimeUnit.SECONDS.sleep(1); // So often whoever waits for memory looks who keeps it.
        }
        assertThat(written).isNotDone();
        held.releaseAll();
        assertThat(patient.next().data).hasSize(LARGE);
        assertThat(patient.next().data).hasSize(LARGE);
        assertThat(written.get(60, TimeUnit.SECONDS)).isEqualTo(DiskError.OK);
        assertThat(failures).isEmpty();
    }

    @Test
    void client4ManyThatStallWithLittleHoldUpNobody() throws Exception {
        for (int i = 0; i < 100; i++) {
            NbdClient client = open("vol");
            client.send(client.prepare(Wire.CMD_WRITE, 0, MIB).raw(new byte[100]));
        }
        NbdClient honest = open("vol");
        clock.skip(A_MINUTE_NS);
        byte[] data = randomBytes(4, LARGE);
        assertThat(written(honest, data).get(60, TimeUnit.SECONDS)).isEqualTo(DiskError.OK);
        assertThat(failures).isEmpty();
    }
}
