package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.nbd.NbdClient.Reply;
import writeboost.engine.task.ForwardingTasks;

/** The thread that receives waits for the disk itself, where a client waits for nothing else; another one receives meanwhile. */
class NbdServerTurnTest extends NbdServerFixture {
    private final Patient disk = new Patient();
    private volatile boolean isShort;

    @Override
    NbdServer makeServer() {
        ForwardingTasks some = new ForwardingTasks(tasks) {
            @Override
            public Task start(String name, Runnable body) {
                if (isShort && name.endsWith("-second")) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                return super.start(name, body);
            }
        };
        return new NbdServer(some, (connection, what, cause) -> failures.add(what));
    }

    @BeforeEach
    void addExport() throws IOException {
        server.addExport("vol", disk);
    }

    private long flush(NbdClient client) throws Exception {
        return client.request(Wire.CMD_FLUSH, 0, 0, 0);
    }

    private void awaitWaiting(int count) {
        await().until(() -> disk.threads.size() == count);
    }

    @Test
    void theThreadsWaitAndReceiveByTurns() throws Exception {
        disk.mayEnd.release(1 << 20);
        NbdClient client = open("vol");
        // Either may be quicker to take the turn: sooner or later both have waited.
        while (disk.threads.stream().distinct().count() < 2) {
            assertThat(client.write(0, new byte[512])).isEqualTo(DiskError.OK);
            long cookie = flush(client);
            assertThat(client.next().cookie).isEqualTo(cookie);
        }
        assertThat(disk.threads).allMatch(name -> name.matches("wb-nbd-\\d+(-second)?"));
        assertThat(disk.threads.get(0)).doesNotEndWith("-second");
    }

    @Test
    void aWriteThatIsToBeDurableIsWaitedForLikewise() throws Exception {
        NbdClient client = open("vol");
        byte[] data = randomBytes(1, 4096);
        long cookie = client.requestWrite(Wire.CMD_FLAG_FUA, 0, data);
        awaitWaiting(1);
        disk.mayEnd.release();
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(client.read(0, 4096)).isEqualTo(data);
    }

    @Test
    void othersAreServedMeanwhile() throws Exception {
        NbdClient client = open("vol");
        long cookie = flush(client);
        awaitWaiting(1);
        for (int i = 0; i < 100; i++) {
            byte[] data = randomBytes(i, 512);
            assertThat(client.write(512, data)).isEqualTo(DiskError.OK);
            assertThat(client.read(512, 512)).isEqualTo(data);
        }
        disk.mayEnd.release();
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(client.read(512, 512)).isEqualTo(randomBytes(99, 512));
    }

    @Test
    void oneBesideOthersIsLeftToTheDisk() throws Exception {
        NbdClient client = open("vol");
        long first = flush(client);
        awaitWaiting(1);
        long second = flush(client);
        assertThat(client.next().cookie).as("the disk has ended it itself").isEqualTo(second);
        disk.mayEnd.release();
        assertThat(client.next().cookie).isEqualTo(first);
        client.send(Packet.of().raw(client.prepare(Wire.CMD_FLUSH, 0, 0)).raw(client.prepare(Wire.CMD_READ, 0, 512)));
        assertThat(client.next().error).isZero();
        assertThat(client.next().error).isZero();
        assertThat(disk.threads).hasSize(1);
    }

    @Test
    void aGoodbyeMeanwhileEndsTheConnectionWhenAllIsAnswered() throws Exception {
        NbdClient client = open("vol");
        long cookie = flush(client);
        awaitWaiting(1);
        client.disconnect();
        disk.mayEnd.release();
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(client.closedByServer()).isTrue();
        awaitEnd();
        assertThat(failures).isEmpty();
    }

    @Test
    void soDoesAClientThatIsGone() throws Exception {
        NbdClient client = open("vol");
        flush(client);
        awaitWaiting(1);
        client.close();
        disk.mayEnd.release();
        awaitEnd();
    }

    @Test
    void aClientThatBreaksTheProtocolMeanwhileIsToldOfOnce() throws Exception {
        NbdClient client = open("vol");
        flush(client);
        awaitWaiting(1);
        client.send(Packet.of().raw(new byte[Wire.REQUEST_BYTES]));
        disk.mayEnd.release();
        awaitEnd();
        assertThat(failures).hasSize(1);
    }

    @Test
    void stoppingTheServerWaitsForIt() throws Exception {
        NbdClient client = open("vol");
        long cookie = flush(client);
        awaitWaiting(1);
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> server.stop(20_000_000_000L));
        assertThat(stopped).isNotDone();
        disk.mayEnd.release();
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(stopped.join()).isTrue();
    }

    @Test
    void machine2WithoutASecondThreadTheDisksOwnDoIt() throws Exception {
        isShort = true;
        NbdClient client = open("vol");
        long cookie = flush(client);
        assertThat(client.next().cookie).isEqualTo(cookie);
        assertThat(disk.threads).isEmpty();
    }

    /** A pair that is halted by a mistake ends what waits for it. Nobody knows then what of the connection is still in use. */
    @Test
    void aMistakeMeanwhileEndsTheConnectionBehindTheAnswer() throws Exception {
        leaksMemory = true;
        disk.mistaken = true;
        disk.mayEnd.release();
        NbdClient client = open("vol");
        long cookie = flush(client);
        Reply reply = client.next();
        assertThat(reply.cookie).isEqualTo(cookie);
        assertThat(NbdClient.error(reply)).isEqualTo(DiskError.EIO);
        assertThat(client.closedByServer()).isTrue();
        awaitMistakes(1);
    }

    @Test
    void soDoesOneOnTheSecondThread() throws Exception {
        leaksMemory = true;
        NbdClient client = open("vol");
        long first = flush(client);
        awaitWaiting(1);
        assertThat(client.read(0, 512)).as("the second thread receives").hasSize(512);
        disk.mayEnd.release();
        assertThat(client.next().cookie).isEqualTo(first);
        disk.mistaken = true;
        disk.mayEnd.release(1 << 20);
        Reply reply;
        do {
            flush(client); // beside the one before, of which the first thread is not done yet, it is left to the disk
            reply = client.next();
        } while (reply.error == 0);
        assertThat(disk.threads.get(1)).endsWith("-second");
        assertThat(NbdClient.error(reply)).isEqualTo(DiskError.EIO);
        assertThat(client.closedByServer()).isTrue();
        awaitEnd();
        awaitMistakes(2);
    }

    @Test
    void theReceiveBufferIsNotLentAgainThatTheOtherThreadMayUse() throws Exception {
        leaksMemory = true;
        disk.mistaken = true;
        NbdClient client = open("vol");
        flush(client);
        awaitWaiting(1);
        long held = server.bytesHeld();
        disk.mayEnd.release();
        assertThat(client.next().error).isNotZero();
        awaitEnd();
        assertThat(server.bytesHeld()).isEqualTo(held);
        awaitMistakes(1);
    }

    private void awaitMistakes(int threads) {
        await().until(() -> uncaught.size() == threads);
        assertThat(uncaught).anyMatch(e -> "a mistake of ours".equals(e.getMessage()));
        uncaught.clear();
    }

    @Test
    void manyClientsThatDoThisAndThatAreAllAnswered() throws Exception {
        disk.mayEnd.release(1 << 20);
        List<CompletableFuture<Void>> clients = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            NbdClient client = open("vol");
            clients.add(CompletableFuture.runAsync(() -> mix(client, number)));
        }
        clients.forEach(CompletableFuture::join);
        assertThat(disk.threads).hasSizeGreaterThan(100);
    }

    private static void mix(NbdClient client, int seed) {
        try {
            Random random = new Random(seed);
            for (int i = 0; i < 2000; i++) {
                int together = random.nextInt(8) == 0 ? 1 + random.nextInt(4) : 1;
                for (int j = 0; j < together; j++) {
                    switch (random.nextInt(3)) {
                        case 0 -> client.request(Wire.CMD_FLUSH, 0, 0, 0);
                        case 1 -> client.requestWrite(Wire.CMD_FLAG_FUA, 0, new byte[512]);
                        default -> client.request(Wire.CMD_READ, 0, 0, 512);
                    }
                }
                for (int j = 0; j < together; j++) {
                    assertThat(client.next().error).isZero();
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void awaitEnd() {
        await().until(() -> server.connections() == 0);
    }

    /** Leaves what is to be durable to the caller, and lets it end when it may. */
    private static final class Patient extends MemoryDisk {
        final List<String> threads = new CopyOnWriteArrayList<>();
        final Semaphore mayEnd = new Semaphore(0);
        volatile boolean mistaken;

        Patient() {
            super(MIB);
        }

        @Override
        public @Nullable Runnable begin(DiskRequest request) {
            assertThat(request.op == Op.FLUSH || request.fua).isTrue();
            return () -> {
                threads.add(Thread.currentThread().getName());
                mayEnd.acquireUninterruptibly();
                if (mistaken) {
                    request.complete(DiskError.EIO);
                    throw new IllegalStateException("a mistake of ours");
                }
                submit(request);
            };
        }
    }
}
