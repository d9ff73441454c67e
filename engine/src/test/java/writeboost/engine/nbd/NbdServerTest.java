package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.nbd.NbdClient.Reply;

/** What a well-behaved client gets. */
class NbdServerTest extends NbdServerFixture {
    @Test
    void whatOneClientWroteAnotherReads() throws Exception {
        server.addExport("vol", new MemoryDisk(4 * MIB));
        NbdClient writer = open("vol");
        NbdClient reader = open("");
        assertThat(writer.size).isEqualTo(4 * MIB);
        for (int length : new int[] {1, 511, 4096, 4097, 16384, 16385, 32768, 32769, 100_000, MIB, 3 * MIB}) {
            byte[] data = randomBytes(length, length);
            assertThat(writer.write(12345, data)).isEqualTo(DiskError.OK);
            assertThat(reader.read(12345, length)).isEqualTo(data);
        }
    }

    @Test
    void manyRequestsInOnePacketAreAllAnswered() throws Exception {
        server.addExport("vol", new MemoryDisk(4 * MIB));
        NbdClient client = open("vol");
        Packet all = Packet.of();
        for (int i = 0; i < 100; i++) {
            byte[] data = randomBytes(i, 3000);
            all.raw(client.prepare(Wire.CMD_WRITE, i * 3000L, 3000)).raw(data);
            all.raw(client.prepare(Wire.CMD_READ, i * 3000L, 3000));
        }
        client.send(all);
        for (int i = 0; i < 100; i++) {
            assertThat(client.next().error).isZero();
            assertThat(client.next().data).isEqualTo(randomBytes(i, 3000));
        }
    }

    @Test
    void requestsCutAtAnyByteAreTheSame() throws Exception {
        server.addExport("vol", new MemoryDisk(4 * MIB));
        NbdClient client = open("vol");
        byte[] data = randomBytes(1, 70);
        byte[] all = Packet.of()
                .raw(client.prepare(Wire.CMD_WRITE, 7, data.length))
                .raw(data)
                .raw(client.prepare(Wire.CMD_READ, 7, data.length))
                .toBytes();
        for (byte one : all) {
            client.send(Packet.of().raw(one));
        }
        assertThat(client.next().error).isZero();
        assertThat(client.next().data).isEqualTo(data);
    }

    @Test
    void repliesComeInTheOrderInWhichTheDiskAnswers() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(MIB);
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        long first = client.request(Wire.CMD_READ, 0, 0, 4096);
        long second = client.request(Wire.CMD_READ, 0, 4096, 4096);
        long third = client.request(Wire.CMD_FLUSH, 0, 0, 0);
        await().until(() -> disk.count() == 3);
        disk.release(1, DiskError.OK);
        assertThat(client.next().cookie).isEqualTo(second);
        disk.release(1, DiskError.OK);
        assertThat(client.next().cookie).isEqualTo(third);
        disk.release(0, DiskError.OK);
        assertThat(client.next().cookie).isEqualTo(first);
    }

    @Test
    void aRequestThatWaitsDoesNotHoldUpTheOthersOfItsConnection() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(MIB, request -> request.op == Op.FLUSH);
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        long flush = client.request(Wire.CMD_FLUSH, 0, 0, 0);
        for (int i = 0; i < 1000; i++) {
            byte[] data = randomBytes(i, 512);
            assertThat(client.write(512, data)).isEqualTo(DiskError.OK);
            assertThat(client.read(512, 512)).isEqualTo(data);
        }
        disk.release(0, DiskError.OK);
        assertThat(client.next().cookie).isEqualTo(flush);
    }

    @Test
    void aDiskMayAnswerAnEarlierRequestWhileItTakesALaterOne() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(MIB) {
            @Override
            public void submit(DiskRequest request) {
                super.submit(request);
                if (count() == 2) {
                    release(0, DiskError.OK);
                }
            }
        };
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        long first = client.request(Wire.CMD_READ, 0, 0, 512);
        long second = client.request(Wire.CMD_READ, 0, 512, 512);
        assertThat(client.next().cookie).isEqualTo(first);
        disk.release(0, DiskError.OK);
        assertThat(client.next().cookie).isEqualTo(second);
    }

    @Test
    void aMistakeOfTheDiskCostsOneConnection() throws Exception {
        server.addExport("broken", new MemoryDisk(MIB) {
            @Override
            public void submit(DiskRequest request) {
                throw new IllegalStateException("a mistake");
            }
        });
        server.addExport("vol", new MemoryDisk(MIB));
        NbdClient client = open("broken");
        client.request(Wire.CMD_FLUSH, 0, 0, 0);
        assertThat(client.closedByServer()).isTrue();
        assertThat(open("vol").read(0, 512)).hasSize(512);
        await().until(() -> uncaught.size() == 1);
        assertThat(uncaught.get(0)).hasMessage("a mistake");
        uncaught.clear();
        leaksMemory = true;
    }

    @Test
    void cookiesAreEchoedWhateverTheyAre() throws Exception {
        server.addExport("vol", new MemoryDisk(MIB));
        NbdClient client = open("vol");
        for (long cookie : new long[] {0, -1, Long.MIN_VALUE, 0x0102030405060708L}) {
            client.send(Packet.request(Wire.CMD_FLUSH, 0, cookie, 0, 0));
            assertThat(client.next().cookie).isEqualTo(cookie);
        }
    }

    @Test
    void theDiskIsAskedForExactlyWhatTheClientWants() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(64 * MIB);
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        client.request(Wire.CMD_WRITE_ZEROES, Wire.CMD_FLAG_FUA | Wire.CMD_FLAG_NO_HOLE, 5, 50 * MIB);
        client.request(Wire.CMD_WRITE_ZEROES, Wire.CMD_FLAG_FAST_ZERO, 6, 7);
        client.request(Wire.CMD_TRIM, 0, 8, 50 * MIB);
        client.request(Wire.CMD_CACHE, Wire.CMD_FLAG_FUA, 9, 10);
        client.requestWrite(Wire.CMD_FLAG_FUA, 11, new byte[12]);
        client.request(Wire.CMD_FLUSH, 0, 0, 0);
        await().until(() -> disk.count() == 6);
        assertThat(disk.get(0)).satisfies(request -> {
            assertThat(request.op).isEqualTo(Op.ZERO);
            assertThat(request.fua && request.noHole && !request.fast).isTrue();
            assertThat(request.offsetBytes).isEqualTo(5);
            assertThat(request.lengthBytes).isEqualTo(50 * MIB);
        });
        assertThat(disk.get(1).fast && !disk.get(1).fua && !disk.get(1).noHole).isTrue();
        assertThat(disk.get(2).op).isEqualTo(Op.TRIM);
        assertThat(disk.get(3).op).isEqualTo(Op.PREFETCH);
        assertThat(disk.get(3).fua).as("nothing to make durable").isFalse();
        assertThat(disk.get(4)).satisfies(request -> {
            assertThat(request.op).isEqualTo(Op.WRITE);
            assertThat(request.fua).isTrue();
            assertThat(request.data).isNotNull();
            assertThat(request.data.remaining()).isEqualTo(12);
            assertThat(request.data.position()).isZero();
        });
        assertThat(disk.get(5).op).isEqualTo(Op.FLUSH);
        disk.releaseAll();
    }

    @Test
    void payloadsAreAlignedForDirectInputAndOutput() throws Exception {
        MemoryDisk.Held disk = new MemoryDisk.Held(2 * MIB);
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        int count = 0;
        for (int length : new int[] {512, 4096, 4096, 8192, 65536, MIB}) {
            client.requestWrite(0, 0, new byte[length]);
            client.request(Wire.CMD_READ, 0, 0, length);
            count += 2;
        }
        int expected = count;
        await().until(() -> disk.count() == expected);
        for (int i = 0; i < count; i++) {
            ByteBuffer data = Objects.requireNonNull(disk.get(i).data);
            assertThat(data.isDirect()).isTrue();
            assertThat(data.alignmentOffset(0, 4096)).isZero();
        }
        disk.releaseAll();
    }

    @Test
    void emptyRequestsSucceedWithoutTheDisk() throws Exception {
        MemoryDisk disk = new MemoryDisk(MIB);
        server.addExport("vol", disk);
        NbdClient client = keep(NbdClient.connect(socket).greet().structured().go("vol"));
        for (int command : new int[] {Wire.CMD_READ, Wire.CMD_TRIM, Wire.CMD_WRITE_ZEROES, Wire.CMD_CACHE}) {
            assertThat(client.call(command, 0, 0, 0).error).isZero();
        }
        assertThat(client.write(0, new byte[0])).isEqualTo(DiskError.OK);
        assertThat(disk.submitted).hasValue(0);
    }

    @Test
    void errorsOfTheDiskReachTheClient() throws Exception {
        for (DiskError error : new DiskError[] {DiskError.EIO, DiskError.ENOSPC, DiskError.ESHUTDOWN}) {
            server.addExport(error.name(), new MemoryDisk.Failing(MIB, error));
            NbdClient client = open(error.name());
            assertThat(NbdClient.error(client.call(Wire.CMD_READ, 0, 0, 512))).isEqualTo(error);
            assertThat(client.write(0, new byte[512])).isEqualTo(error);
            assertThat(NbdClient.error(client.call(Wire.CMD_FLUSH, 0, 0, 0))).isEqualTo(error);
        }
        assertThat(server.statistics().errors()).isEqualTo(9);
    }

    @Test
    void structuredErrorsCarryAText() throws Exception {
        server.addExport("vol", new MemoryDisk.Failing(MIB, DiskError.EIO));
        NbdClient client = keep(NbdClient.connect(socket).greet().structured().go("vol"));
        Reply fromDisk = client.call(Wire.CMD_READ, 0, 0, 512);
        assertThat(fromDisk.structured).isTrue();
        assertThat(fromDisk.text).contains("EIO");
        Reply ours = client.call(Wire.CMD_READ, 0, MIB, 1);
        assertThat(NbdClient.error(ours)).isEqualTo(DiskError.EINVAL);
        assertThat(ours.text).contains("past the end");
    }

    @Test
    void structuredReadsOfAnySizeAreWhole() throws Exception {
        server.addExport("vol", new MemoryDisk(4 * MIB));
        NbdClient client = keep(NbdClient.connect(socket).greet().structured().go("vol"));
        byte[] data = randomBytes(3, 2 * MIB);
        client.write(1, data);
        assertThat(client.read(1, data.length)).isEqualTo(data);
        Reply unfragmented = client.call(Wire.CMD_READ, Wire.CMD_FLAG_DF, 1, 65536);
        assertThat(unfragmented.data).hasSize(65536);
    }

    @Test
    void aRefusedWriteTakesItsPayloadAndChangesNothing() throws Exception {
        MemoryDisk disk = new MemoryDisk(MIB);
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        for (int length : new int[] {2, 40_000, MIB}) {
            assertThat(client.write(MIB - 1, randomBytes(1, length))).isEqualTo(DiskError.ENOSPC);
        }
        client.requestWrite(1 << 14, 0, randomBytes(1, 500_000));
        assertThat(NbdClient.error(client.next())).isEqualTo(DiskError.EINVAL);
        assertThat(disk.submitted).hasValue(0);
        assertThat(client.read(MIB - 4096, 4096)).containsOnly(0);
    }

    @Test
    void aReadOnlyDiskRefusesWritesAndServesReads() throws Exception {
        MemoryDisk disk = new MemoryDisk(MIB);
        disk.readOnly = true;
        server.addExport("vol", disk);
        NbdClient client = open("vol");
        assertThat(client.write(0, new byte[600])).isEqualTo(DiskError.EPERM);
        assertThat(NbdClient.error(client.call(Wire.CMD_TRIM, 0, 0, 512))).isEqualTo(DiskError.EPERM);
        assertThat(client.read(0, 600)).hasSize(600);
    }

    @Test
    void blockStatusTellsBothContextsInTheirOwnChunks() throws Exception {
        server.addExport("vol", new MemoryDisk(MIB));
        NbdClient client = keep(NbdClient.connect(socket).greet().structured());
        Map<String, Integer> ids = client.contexts("vol", "base:allocation", "x-writeboost:state");
        client.go("vol");
        client.write(8192, new byte[4096]);
        Reply reply = client.call(Wire.CMD_BLOCK_STATUS, 0, 0, 65536);
        assertThat(reply.error).isZero();
        assertThat(reply.extents.keySet()).containsExactlyInAnyOrderElementsOf(ids.values());
        assertThat(reply.extents.get(ids.get("base:allocation")))
                .containsExactly(new long[] {8192, 3}, new long[] {4096, 0}, new long[] {53248, 3});
        assertThat(reply.extents.get(ids.get("x-writeboost:state")))
                .containsExactly(new long[] {8192, 0}, new long[] {4096, 2}, new long[] {53248, 0});
    }

    @Test
    void blockStatusOfOneExtentStopsAfterIt() throws Exception {
        server.addExport("vol", new MemoryDisk(MIB));
        NbdClient client = keep(NbdClient.connect(socket).greet().structured());
        client.contexts("vol", "x-writeboost:state");
        client.go("vol");
        client.write(4096, new byte[4096]);
        Reply reply = client.call(Wire.CMD_BLOCK_STATUS, Wire.CMD_FLAG_REQ_ONE, 100, 100_000);
        assertThat(reply.extents.get(MetaContext.STATE.id())).containsExactly(new long[] {3996, 0});
    }

    @Test
    void aRaggedDiskIsToldInPiecesOfBoundedSize() throws Exception {
        server.addExport("vol", new MemoryDisk(32 * MIB));
        NbdClient client = keep(NbdClient.connect(socket).greet().structured());
        client.contexts("vol", "x-writeboost:state");
        client.go("vol");
        for (int i = 0; i < 32 * MIB; i += 8192) {
            client.write(i, new byte[1]);
        }
        Reply reply = client.call(Wire.CMD_BLOCK_STATUS, 0, 0, 32 * MIB);
        List<long[]> extents = reply.extents.get(MetaContext.STATE.id());
        assertThat(extents).isNotNull().hasSize(Limits.EXTENTS_MAX);
    }

    @Test
    void blockStatusWithoutAContextIsInvalid() throws Exception {
        server.addExport("vol", new MemoryDisk(MIB));
        NbdClient client = keep(NbdClient.connect(socket).greet().structured().go("vol"));
        Reply reply = client.call(Wire.CMD_BLOCK_STATUS, 0, 0, 512);
        assertThat(NbdClient.error(reply)).isEqualTo(DiskError.EINVAL);
    }

    @Test
    void statisticsCountClientsRequestsAndBytes() throws Exception {
        server.addExport("vol", new MemoryDisk(MIB));
        NbdClient client = open("vol");
        NbdClient other = open("vol");
        client.write(0, new byte[5000]);
        client.read(0, 300);
        client.call(Wire.CMD_FLUSH, 0, 0, 0);
        client.call(Wire.CMD_READ, 0, MIB, 1);
        assertThat(server.statistics()).isEqualTo(new NbdStatistics(2, 2, 0, 4, 1, 300, 5000));
        other.close();
        awaitClients(1);
        assertThat(server.statistics().clientsTotal()).isEqualTo(2);
    }
}
