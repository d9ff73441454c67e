package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.disk.DiskError;

/** client4: thousands of connections, floods of requests and options. What they may take is bounded, and others go on. */
@Timeout(120)
class NbdServerFloodTest extends NbdServerFixture {
    private static final int THOUSANDS = 3000;

    private final MemoryDisk disk = new MemoryDisk(8 << 20);

    @Test
    void client4ThousandsOfSilentConnectionsTakeABoundedNumberOfThreadsAndBytes() throws Exception {
        server.addExport("vol", disk);
        NbdClient good = open("vol");
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> serveUntil(good, over));
        int mostThreads = 0;
        long mostBytes = 0;
        for (int i = 0; i < THOUSANDS; i++) {
            keep(NbdClient.connect(socket));
            if (i % 50 == 0) {
                mostThreads = Math.max(mostThreads, server.connections());
                mostBytes = Math.max(mostBytes, server.bytesHeld());
            }
        }
        assertThat(open("vol").read(0, 512)).hasSize(512);
        over.set(true);
        assertThat(served.get()).isPositive();
        assertThat(mostThreads).isLessThanOrEqualTo(Limits.CONNECTIONS_MAX);
        // A receive buffer each; two clients have a send buffer and a slab of pages more.
        assertThat(mostBytes).isLessThanOrEqualTo((Limits.CONNECTIONS_MAX + 4L) * Limits.RECEIVE_BYTES);
        await().until(() -> server.connections() <= Limits.HANDSHAKES_MAX + 2);
        assertThat(server.statistics().refused()).isGreaterThanOrEqualTo(THOUSANDS - Limits.HANDSHAKES_MAX - 2);
        assertThat(failures).allMatch(what -> what.contains("64 connections were in the handshake at once"));
    }

    @Test
    void client4ThousandsOfClientsBeyondTheLimitAreToldSoAndTheOthersAreServed() throws Exception {
        server.addExport("vol", disk);
        List<NbdClient> clients = new ArrayList<>();
        for (int i = 0; i < Limits.CLIENTS_MAX; i++) {
            clients.add(open("vol"));
        }
        int told = 0;
        for (int i = 0; i < THOUSANDS / 3; i++) {
            try (NbdClient late = NbdClient.connect(socket).greet()) {
                List<OptionReply> replies = late.option(Packet.option(Wire.OPT_GO, Packet.export("vol")));
                assertThat(replies).singleElement().matches(reply -> reply.type() == Wire.REP_ERR_POLICY);
                assertThat(replies.get(0).text()).contains("128 clients", "try again later");
                told++;
            }
        }
        assertThat(told).isEqualTo(THOUSANDS / 3);
        for (NbdClient client : clients) {
            assertThat(client.read(4096, 512)).hasSize(512);
        }
        clients.get(0).close();
        awaitClients(Limits.CLIENTS_MAX - 1);
        assertThat(open("vol").read(0, 512)).hasSize(512);
    }

    @Test
    void client4TheServerWaitsWithTheNextConnectionUntilThoseThatWereCutAreGone() throws Exception {
        server.addExport("vol", disk);
        for (int round = 0; round < 5; round++) {
            List<NbdClient> burst = new ArrayList<>();
            for (int i = 0; i < Limits.CONNECTIONS_MAX; i++) {
                burst.add(NbdClient.connect(socket));
            }
            for (NbdClient client : burst) {
                client.close();
            }
        }
        await().until(() -> server.connections() == 0);
        assertThat(open("vol").read(0, 512)).hasSize(512);
    }

    @Test
    void client4AFloodOfRequestsWhoseRepliesNobodyTakesHoldsNoMoreThanOneConnectionMay() throws Exception {
        MemoryDisk.Held held = new MemoryDisk.Held(8 << 20);
        server.addExport("held", held);
        server.addExport("vol", disk);
        NbdClient flooder = open("held");
        flooder.channel.configureBlocking(false);
        ByteBuffer flood = Packet.request(Wire.CMD_READ, 0, 1, 0, 65536).toBuffer();
        AtomicInteger sent = new AtomicInteger();
        await().until(() -> {
            while (flooder.channel.write(flood) > 0) {
                sent.incrementAndGet();
                flood.rewind();
            }
            return held.count() == Limits.REQUESTS_MAX;
        });
        assertThat(open("vol").read(0, 512)).hasSize(512);
        assertThat(held.count()).isEqualTo(Limits.REQUESTS_MAX);
        assertThat(sent.get()).isGreaterThan(Limits.REQUESTS_MAX);
        assertThat(server.bytesHeld()).isLessThanOrEqualTo(2 * Limits.CONNECTION_BYTES_MAX);
        flooder.close();
        await().until(() -> {
            held.releaseAll(); // What it had sent is still taken from the socket, and ends.
            return server.statistics().clients() <= 1;
        });
    }

    @Test
    void client4OptionsThatAskForMuchAreAnsweredInPieces() throws Exception {
        String longName = "n".repeat(Limits.STRING_BYTES_MAX - 2);
        for (int i = 0; i < Limits.EXPORTS_MAX; i++) {
            server.addExport(longName + (10 + i), disk);
        }
        NbdClient asker = greeted();
        Packet lists = Packet.of();
        for (int i = 0; i < Limits.OPTIONS_MAX; i++) {
            lists.raw(Packet.option(Wire.OPT_LIST));
        }
        asker.send(lists);
        long answered = 0;
        for (int i = 0; i < Limits.OPTIONS_MAX * (Limits.EXPORTS_MAX + 1); i++) {
            ByteBuffer head = asker.receive(20);
            answered += asker.receive(head.getInt(16)).remaining();
        }
        assertThat(answered).isEqualTo((long) Limits.OPTIONS_MAX * Limits.EXPORTS_MAX * (4 + Limits.STRING_BYTES_MAX));
    }

    /** Reads and writes until told to stop; how often. */
    private static int serveUntil(NbdClient client, AtomicBoolean over) {
        int rounds = 0;
        try {
            while (!over.get()) {
                byte[] data = randomBytes(rounds, 5000);
                assertThat(client.write(rounds % 1000, data)).isEqualTo(DiskError.OK);
                assertThat(client.read(rounds % 1000, data.length)).isEqualTo(data);
                rounds++;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return rounds;
    }
}
