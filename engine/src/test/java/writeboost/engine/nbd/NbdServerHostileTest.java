package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;

/** Clients that break the rules, leave at the wrong moment, or want too much: only they come to harm. */
class NbdServerHostileTest extends NbdServerFixture {
    private static final int SIZE = 8 << 20;

    private final MemoryDisk disk = new MemoryDisk(SIZE);
    private final MemoryDisk.Held held = new MemoryDisk.Held(80 << 20);

    @Override
    NbdServer makeServer() {
        return new NbdServer(tasks, (connection, what, cause) -> failures.add(what), 32 << 20);
    }

    @BeforeEach
    void exportBoth() throws Exception {
        server.addExport("vol", disk);
        server.addExport("held", held);
    }

    @Test
    void client4AStreamOutOfStepEndsItsConnectionOnly() throws Exception {
        NbdClient good = open("vol");
        NbdClient bad = open("vol");
        bad.send(Packet.of().raw(new byte[28]));
        assertThat(bad.closedByServer()).isTrue();
        assertThat(good.read(0, 512)).hasSize(512);
        assertThat(failures).singleElement().asString().contains("no NBD request");
    }

    @Test
    void aWriteOfMoreThanThirtyTwoMebibytesEndsItsConnection() throws Exception {
        NbdClient bad = open("held");
        bad.send(Packet.request(Wire.CMD_WRITE, 0, 1, 0, (32 << 20) + 1));
        assertThat(bad.closedByServer()).isTrue();
        assertThat(failures).singleElement().asString().contains("33554433");
        assertThat(held.count()).isZero();
    }

    @Test
    void aWriteOfThirtyTwoMebibytesIsServed() throws Exception {
        NbdClient client = open("held");
        byte[] data = randomBytes(1, 32 << 20);
        client.requestWrite(0, 1, data);
        await().until(() -> held.count() == 1);
        held.releaseAll();
        assertThat(client.next().error).isZero();
        client.request(Wire.CMD_READ, 0, 1, 32 << 20);
        await().until(() -> held.count() == 1);
        held.releaseAll();
        assertThat(client.next().data).isEqualTo(data);
    }

    @Test
    void anAbsurdReadIsRefusedAndTheConnectionGoesOn() throws Exception {
        NbdClient client = open("held");
        for (long length : new long[] {0xFFFFFFFFL, 65 << 20, (32 << 20) + 1}) {
            assertThat(NbdClient.error(client.call(Wire.CMD_READ, 0, 0, length)))
                    .isEqualTo(DiskError.EINVAL);
        }
    }

    @Test
    void client1WhatWasNotReceivedIsNotWritten() throws Exception {
        NbdClient client = open("vol");
        for (int length : new int[] {20_000, MIB}) {
            NbdClient leaver = open("vol");
            byte[] part = randomBytes(1, length / 2);
            leaver.send(leaver.prepare(Wire.CMD_WRITE, 0, length).raw(part));
            leaver.close();
            awaitClients(1);
        }
        assertThat(disk.submitted).hasValue(0);
        assertThat(client.read(0, MIB)).containsOnly(0);
        assertThat(failures).hasSize(2);
    }

    @Test
    void client1WhatWasReceivedIsWrittenThoughTheClientLeft() throws Exception {
        NbdClient leaver = open("held");
        leaver.requestWrite(0, 0, randomBytes(1, 512));
        leaver.requestWrite(0, 4096, randomBytes(2, 100_000));
        await().until(() -> held.count() == 2);
        leaver.close();
        NbdClient other = open("held");
        held.releaseAll();
        awaitClients(1);
        other.request(Wire.CMD_READ, 0, 4096, 100_000);
        await().until(() -> held.count() == 1);
        held.releaseAll();
        assertThat(other.next().data).isEqualTo(randomBytes(2, 100_000));
    }

    @Test
    void client1AClientThatLeavesInTheMiddleOfRepliesGivesAllBack() throws Exception {
        NbdClient leaver = open("vol");
        for (int i = 0; i < 20; i++) {
            leaver.request(Wire.CMD_READ, 0, 0, MIB);
        }
        leaver.receive(100_000);
        leaver.close();
        awaitClients(0);
        await().until(() -> server.bytesHeld() == 0);
    }

    @Test
    void goodbyeIsObeyedAfterWhatCameBeforeIt() throws Exception {
        NbdClient client = open("held");
        long cookie = client.requestWrite(0, 0, randomBytes(1, 512));
        client.disconnect();
        await().until(() -> held.count() == 1);
        held.releaseAll();
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(client.closedByServer()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void aWriteInTheSamePacketAsGoodbyeIsDone() throws Exception {
        NbdClient client = open("vol");
        client.send(client.prepare(Wire.CMD_WRITE, 0, 3)
                .raw((byte) 1, (byte) 2, (byte) 3)
                .raw(Packet.request(Wire.CMD_DISC, 0, 0, 0, 0))
                .raw(new byte[100]));
        assertThat(client.next().error).isZero();
        assertThat(client.closedByServer()).isTrue();
        assertThat(open("vol").read(0, 3)).containsExactly(1, 2, 3);
    }

    @Test
    void aClientThatOnlyClosesItsSendingSideStillGetsItsReplies() throws Exception {
        NbdClient client = open("held");
        client.request(Wire.CMD_READ, 0, 0, MIB);
        client.request(Wire.CMD_READ, 0, 0, 512);
        client.channel.shutdownOutput();
        await().until(() -> held.count() == 2);
        held.releaseAll();
        assertThat(client.next().data).hasSize(MIB);
        assertThat(client.next().data).hasSize(512);
        assertThat(client.closedByServer()).isTrue();
    }

    @Test
    void aConnectionWithTooManyRequestsIsNotReadUntilSomeAreAnswered() throws Exception {
        NbdClient client = open("held");
        int extra = 10;
        for (int i = 0; i < Limits.REQUESTS_MAX + extra; i++) {
            client.request(Wire.CMD_READ, 0, i, 1);
        }
        await().until(() -> held.count() >= Limits.REQUESTS_MAX);
        assertThat(open("vol").read(0, 512)).hasSize(512);
        assertThat(held.count()).isEqualTo(Limits.REQUESTS_MAX);
        held.release(0, DiskError.OK);
        client.next();
        await().until(() -> held.submitted.get() == Limits.REQUESTS_MAX + 1);
        for (int i = 1; i < Limits.REQUESTS_MAX + extra; i++) {
            await().until(() -> held.count() > 0);
            held.release(0, DiskError.OK);
            client.next();
        }
    }

    @Test
    void aConnectionWithTooManyBytesIsNotReadUntilSomeAreAnswered() throws Exception {
        NbdClient client = open("held");
        // 33 of 1 MiB: the first lies within the grant, the server's 32 MiB hold the next 32.
        for (int i = 0; i < 40; i++) {
            client.request(Wire.CMD_READ, 0, 0, MIB);
        }
        await().until(() -> held.count() >= 33);
        assertThat(open("vol").read(0, 512)).hasSize(512);
        assertThat(held.count()).isEqualTo(33);
        for (int i = 0; i < 40; i++) {
            await().until(() -> held.count() > 0);
            held.release(0, DiskError.OK);
            assertThat(client.next().data).hasSize(MIB);
        }
    }

    @Test
    void clientsThatTakeNoRepliesDoNotStarveTheOthers() throws Exception {
        for (int i = 0; i < 3; i++) {
            NbdClient deaf = open("vol");
            for (int k = 0; k < 50; k++) {
                deaf.request(Wire.CMD_READ, 0, 0, MIB);
            }
        }
        NbdClient client = open("vol");
        for (int i = 0; i < 50; i++) {
            byte[] data = randomBytes(i, 256 << 10);
            client.write(0, data);
            assertThat(client.read(0, data.length)).isEqualTo(data);
        }
    }

    @Test
    void aClientCutWhileItWaitsForMemoryGoesAway() throws Exception {
        NbdClient hoarder = open("held");
        for (int i = 0; i < 33; i++) {
            hoarder.request(Wire.CMD_READ, 0, 0, MIB);
        }
        await().until(() -> held.count() == 33);
        NbdClient waiting = open("vol");
        waiting.request(Wire.CMD_READ, 0, 0, 2 * MIB);
        waiting.close();
        // Its thread waits for memory and does not see that; only cutting the export's clients ends it.
        assertThat(server.removeExport("vol", 1)).isTrue();
        held.releaseAll();
    }

    @Test
    void aReaderBlockedByADeafClientIsCutByStop() throws Exception {
        NbdClient deaf = open("vol");
        for (int i = 0; i < 60; i++) {
            deaf.request(Wire.CMD_READ, 0, 0, 4096); // Replies short enough to be sent by the receiving thread.
            int received = i + 1;
            await().until(() -> disk.submitted.get() >= Math.min(received, 40));
        }
        assertThat(server.stop(TimeUnit.MILLISECONDS.toNanos(50))).isTrue();
    }

    @Test
    void client4AHandshakeThatStallsIsCut() throws Exception {
        try (NbdServer hurried =
                new NbdServer(new HurriedTasks(tasks, 5), (connection, what, cause) -> failures.add(what))) {
            Path path = folder.resolve("hurried").resolve("s");
            hurried.listenUnix(path);
            hurried.addExport("vol", disk);
            NbdClient client = keep(NbdClient.open(path, "vol"));
            NbdClient silent = keep(NbdClient.connect(path));
            silent.receive(18);
            NbdClient half = keep(NbdClient.connect(path).greet());
            half.send(Packet.of().u32(0x49484156));
            assertThat(silent.closedByServer()).isTrue();
            assertThat(half.closedByServer()).isTrue();
            assertThat(client.read(0, 512)).hasSize(512);
            assertThat(failures).hasSize(2).allMatch(what -> what.contains("longer than 10 s"));
            assertThat(hurried.statistics().refused()).isEqualTo(2);
        }
    }

    @Test
    void theOldestOfTooManyHandshakesMakesRoom() throws Exception {
        List<NbdClient> silent = new ArrayList<>();
        for (int i = 0; i < Limits.HANDSHAKES_MAX + 5; i++) {
            NbdClient client = keep(NbdClient.connect(socket));
            client.receive(18);
            silent.add(client);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(silent.get(i).closedByServer()).isTrue();
        }
        assertThat(open("vol").read(0, 512)).hasSize(512);
    }

    @Test
    void oneClientTooManyIsToldSo() throws Exception {
        for (int i = 0; i < Limits.CLIENTS_MAX; i++) {
            open("vol");
        }
        assertThatThrownBy(() -> open("vol")).hasMessageContaining("128 clients");
        assertThat(server.statistics().clients()).isEqualTo(Limits.CLIENTS_MAX);
    }

    @Test
    void client4GarbageInPlaceOfRequestsNeverStopsTheServer() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            NbdClient client = NbdClient.open(socket, "vol");
            Packet packet = Packet.of();
            for (int i = random.nextInt(20); i >= 0; i--) {
                int length = random.nextInt(5000);
                packet.raw(Packet.request(random.nextInt(10), random.nextInt(40), i, random.nextInt(2 * SIZE), length));
                packet.raw(randomBytes(seed, random.nextInt(length + 1)));
            }
            try (client) {
                client.send(packet);
            } catch (java.io.IOException e) {
                assertThat(e).isNotNull(); // It was quicker than we.
            }
        }
        assertThat(open("vol").read(0, 512)).hasSize(512);
        awaitClients(1);
    }

    @Test
    void aFlushThatNeverEndsDoesNotStopOtherConnections() throws Exception {
        NbdClient stuck = open("held");
        stuck.request(Wire.CMD_FLUSH, 0, 0, 0);
        await().until(() -> held.count() == 1);
        assertThat(held.get(0).op).isEqualTo(Op.FLUSH);
        NbdClient other = open("vol");
        for (int i = 0; i < 100; i++) {
            assertThat(other.write(i, new byte[1])).isEqualTo(DiskError.OK);
        }
        held.releaseAll();
        assertThat(stuck.next().error).isZero();
    }
}
