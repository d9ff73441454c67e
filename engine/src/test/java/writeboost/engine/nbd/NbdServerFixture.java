package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** A server on a unix socket, its clients, and what must be true when a test is over. */
@Timeout(60)
abstract class NbdServerFixture {
    static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    final List<String> failures = new CopyOnWriteArrayList<>();
    final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    final Tasks tasks = new ThreadTasks((thread, e) -> uncaught.add(e));
    private final List<NbdClient> clients = new ArrayList<>();
    /** A mistake of ours loses buffers to the garbage collector. */
    boolean leaksMemory;

    NbdServer server;
    Path socket;

    @BeforeEach
    void startServer() throws IOException {
        server = makeServer();
        socket = folder.resolve("run").resolve("nbd.sock");
        server.listenUnix(socket);
    }

    /** The server under test. */
    NbdServer makeServer() {
        return new NbdServer(tasks, (connection, what, cause) -> failures.add(what));
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        for (NbdClient client : clients) {
            client.close();
        }
        assertThat(server.stop(TimeUnit.SECONDS.toNanos(20))).isTrue();
        if (!leaksMemory) {
            await().untilAsserted(() -> assertThat(server.bytesHeld()).isZero());
        }
        assertThat(uncaught).isEmpty();
    }

    /** A client in transmission. */
    NbdClient open(String export) throws IOException {
        return keep(NbdClient.open(socket, export));
    }

    /** A client that is greeted. */
    NbdClient greeted() throws IOException {
        return keep(NbdClient.connect(socket).greet());
    }

    NbdClient keep(NbdClient client) {
        clients.add(client);
        return client;
    }

    static byte[] randomBytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Waits for a condition, looking often: some tests wait hundreds of times. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    void awaitClients(int count) {
        await().untilAsserted(() -> assertThat(server.statistics().clients()).isEqualTo(count));
    }
}
