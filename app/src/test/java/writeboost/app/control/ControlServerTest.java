package writeboost.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.engine.cache.Progress;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** Both sides of the control protocol, over a real socket. */
@Timeout(60)
class ControlServerTest {
    @TempDir
    private Path folder;

    private ServiceFixture fixture;

    @BeforeEach
    void setUp() throws IOException {
        fixture = new ServiceFixture(folder);
        fixture.serve("usb");
    }

    @AfterEach
    void tearDown() throws IOException {
        fixture.close();
    }

    @Test
    void everyCommandReachesTheServingProcess() throws IOException {
        fixture.engine.dirty.put("usb", 300L);
        RoutedCacheService client = fixture.client;

        assertThat(client.status("usb"))
                .usingRecursiveComparison()
                .ignoringFields("snapshotId")
                .isEqualTo(fixture.server.status("usb"));
        client.sync("usb");
        client.drop("usb", Progress.NONE);
        assertThat(client.set("usb", Map.of("sync_data_interval", "2"))).containsEntry("sync_data_interval", 2);
        fixture.engine.tell("usb", "something happened");
        assertThat(client.events("usb", 0)).isEqualTo(fixture.server.events("usb", 0));
        assertThat(client.list()).singleElement().satisfies(pair -> {
            assertThat(pair.served()).isTrue();
            assertThat(pair.sentence()).startsWith("Serving.");
        });
        client.flush("usb", Progress.NONE);

        assertThat(fixture.engine.calls()).contains("sync usb", "drop usb", "settings usb", "flush usb");
        assertThat(fixture.clientEngine.calls()).isEmpty();
    }

    @Test
    void theServiceOfAnotherProcessOffersTheWholeInterface() throws IOException {
        RemoteCacheService remote =
                new RemoteCacheService(fixture.sockets, "usb", new java.util.concurrent.ConcurrentHashMap<>());
        fixture.engine.device("/dev/second", null);

        assertThat(remote.examine("/dev/second")).isEqualTo(new DeviceContent("/dev/second", true, 1L << 30, null));
        assertThat(remote.examine("/dev/none").exists()).isFalse();
        remote.create(
                new NewPair("second", "/slow/2", "/dev/second", 0, Map.of("writeback_threshold", "1"), false),
                Progress.NONE);
        assertThat(remote.list()).extracting(PairSummary::name).containsExactly("second", "usb");
        assertThat(remote.serve("second", new ServeOptions(null, "127.0.0.1:1"), Progress.NONE)
                        .uris())
                .contains("nbd://127.0.0.1:1/second");
        remote.stop("second");
        fixture.engine.dirty.put("second", 0L);
        remote.remove("second", false);
        assertThat(remote.list()).extracting(PairSummary::name).containsExactly("usb");
    }

    @Test
    void whoStopsAPairIsAnsweredAndItsSocketIsGone() throws IOException {
        fixture.client.stop("usb");

        assertThat(fixture.server.serves("usb")).isFalse();
        assertThat(fixture.client.serves("usb")).isFalse();
        assertThat(folder.resolve("usb.ctl")).doesNotExist();
    }

    @Test
    void refusalsKeepTheirCodeAndTheirSentence() {
        assertThatThrownBy(() -> fixture.client.set("usb", Map.of("speed", "1")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("there is no setting speed; there are: writeback_threshold")
                .extracting(failure -> ((EngineException) failure).code())
                .isEqualTo(ErrorCode.USAGE);
    }

    @Test
    void aLongOperationTellsHowFarItIsAndEndsWhenCancelled() {
        fixture.engine.flushNeverEnds = true;
        List<Long> seen = new ArrayList<>();

        assertThatThrownBy(() -> fixture.client.flush("usb", (done, total) -> {
                    seen.add(done);
                    assertThat(total).isEqualTo(1000);
                    return seen.size() < 3;
                }))
                .isInstanceOf(EngineException.class)
                .extracting(failure -> ((EngineException) failure).code())
                .isEqualTo(ErrorCode.CANCELLED);
        assertThat(seen).hasSizeGreaterThanOrEqualTo(3).isSorted();
        assertThat(fixture.engine.calls()).endsWith("cancelled usb");
    }

    @Test
    void closingTheConnectionCancels() throws Exception {
        fixture.engine.flushNeverEnds = true;
        try (Raw raw = connect()) {
            raw.send("{\"command\": \"flush\", \"name\": \"usb\"}\n");
            assertThat(fixture.engine.flushBegan.await(30, TimeUnit.SECONDS)).isTrue();
        }

        await().until(() -> fixture.engine.calls().contains("cancelled usb"));
    }

    @Test
    void stoppingCancelsWhatRuns() throws Exception {
        fixture.engine.flushNeverEnds = true;
        try (Raw raw = connect()) {
            raw.send("{\"command\": \"flush\", \"name\": \"usb\"}\n");
            assertThat(fixture.engine.flushBegan.await(30, TimeUnit.SECONDS)).isTrue();
            fixture.client.stop("usb");

            assertThat(raw.lastAnswer().path("error").path("code").asText()).isEqualTo("cancelled");
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
        fixture.engine.flushNeverEnds = true;
        try (Raw silent = connect()) {
            silent.send("{\"command\": \"flush\", \"name\": \"usb\"}\n");
            assertThat(fixture.engine.flushBegan.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(fixture.client.status("usb").name()).isEqualTo("usb");
        }
    }

    @Test
    void aConnectionRunsOneCommandAtATime() throws Exception {
        fixture.engine.flushNeverEnds = true;
        try (Raw raw = connect()) {
            raw.send("{\"command\": \"flush\", \"name\": \"usb\"}\n");
            assertThat(fixture.engine.flushBegan.await(30, TimeUnit.SECONDS)).isTrue();
            raw.send("{\"command\": \"status\", \"name\": \"usb\"}\n");

            assertThat(raw.lastAnswer().path("error").path("code").asText()).isEqualTo("state");
            raw.send("{\"command\": \"cancel\"}\n");
            assertThat(raw.lastAnswer().path("error").path("code").asText()).isEqualTo("cancelled");
            raw.send("{\"command\": \"hello\"}\n");
            assertThat(raw.lastAnswer().path("result").path("protocol").asInt()).isEqualTo(1);
        }
    }

    @Test
    void requestsThatMakeNoSenseAreAnsweredAndTheConnectionGoesOn() throws IOException {
        try (Raw raw = connect()) {
            for (String request : List.of(
                    "{}",
                    "{\"command\": \"explode\"}",
                    "{\"command\": 7}",
                    "{\"command\": \"status\"}",
                    "{\"command\": \"status\", \"name\": \"../../etc/passwd\"}",
                    "{\"command\": \"status\", \"name\": [\"usb\"]}",
                    "{\"command\": \"set\", \"name\": \"usb\", \"changes\": {\"writeback_threshold\": {\"a\": 1}}}",
                    "{\"command\": \"create\", \"pair\": null}",
                    "{\"command\": \"serve\", \"name\": \"usb\", \"options\": \"none\"}")) {
                raw.send(request + "\n");
                assertThat(raw.lastAnswer().path("error").path("code").asText())
                        .as(request)
                        .isEqualTo("usage");
            }
            raw.send("{\"command\": \"hello\", \"name\": \"what else\"}\n");
            assertThat(raw.lastAnswer().path("result").path("program").asText()).isEqualTo("writeboost");
        }
    }

    @Test
    void whatIsNoJsonObjectEndsTheConnectionOnly() throws IOException {
        for (String line :
                List.of("hello\n", "[1, 2]\n", "\n", "{\"command\": \"hello\"} {}\n", "[".repeat(5000) + "\n")) {
            try (Raw raw = connect()) {
                raw.send(line);

                assertThat(raw.lastAnswer().path("error").path("code").asText()).isEqualTo("usage");
                assertThat(raw.readLine()).isNull();
            }
        }
        try (Raw raw = connect()) {
            raw.send(new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}', '\n'});
            assertThat(raw.lastAnswer().path("error").path("message").asText()).contains("UTF-8");
        }
        assertThat(fixture.client.status("usb").name()).isEqualTo("usb");
    }

    @Test
    void aLineWithoutAnEndIsCutOffAtTheLimit() throws IOException {
        try (Raw raw = connect()) {
            byte[] endless = new byte[ControlProtocol.MAX_REQUEST_BYTES];
            java.util.Arrays.fill(endless, (byte) ' ');
            raw.send(endless);

            assertThat(raw.lastAnswer().path("error").path("message").asText()).contains("longer than 65536 bytes");
            assertThat(raw.readLine()).isNull();
        }
        assertThat(fixture.client.status("usb").name()).isEqualTo("usb");
    }

    @Test
    void connectionsBeyondTheLimitAreTurnedAwayAndTheOthersGoOn() throws IOException {
        List<Raw> all = new ArrayList<>();
        try {
            for (int i = 0; i < ControlProtocol.MAX_CONNECTIONS; i++) {
                Raw raw = connect();
                all.add(raw);
                raw.send("{\"command\": \"hello\"}\n");
                raw.lastAnswer();
            }
            try (Raw oneMore = connect()) {
                assertThat(oneMore.readLine()).isNull();
            }
            all.get(0).send("{\"command\": \"hello\"}\n");
            assertThat(all.get(0).lastAnswer().has("result")).isTrue();
        } finally {
            for (Raw raw : all) {
                raw.close();
            }
        }
        await().untilAsserted(
                        () -> assertThat(fixture.client.status("usb").name()).isEqualTo("usb"));
    }

    @Test
    void aProcessThatDiesIsSaidToHaveDied() {
        RemoteCacheService remote =
                new RemoteCacheService(fixture.sockets, "nobody", new java.util.concurrent.ConcurrentHashMap<>());

        assertThatThrownBy(() -> remote.sync("nobody")).hasMessage("no process serves nobody any more");
    }

    private Raw connect() {
        return new Raw(fixture.sockets.connect("usb").orElseThrow());
    }

    /** A client that sends what it likes. */
    private static final class Raw implements AutoCloseable {
        private final SocketChannel channel;
        private final LineChannel lines;

        Raw(SocketChannel channel) {
            this.channel = channel;
            this.lines = new LineChannel(channel, 1 << 20);
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        @Nullable String readLine() throws IOException {
            return lines.readLine();
        }

        /** The next answer that is not about progress. */
        JsonNode lastAnswer() throws IOException {
            JsonNode answer;
            do {
                String line = lines.readLine();
                assertThat(line).as("an answer").isNotNull();
                answer = Json.mapper().readTree(line);
            } while (answer.has("progress"));
            return answer;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
