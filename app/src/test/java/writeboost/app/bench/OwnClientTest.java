package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.client.NbdClient;
import writeboost.app.config.Environment;
import writeboost.app.control.BareServing;
import writeboost.app.control.DemoHost;

@Timeout(120)
class OwnClientTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Path runtime;
    private DemoHost host;
    private BareServing serving;
    private Address address;
    private final OwnClient client = new OwnClient("ours", () -> false);

    @BeforeEach
    void serve() throws IOException {
        runtime = Files.createTempDirectory("wb"); // paths of sockets are short, those of test folders are not
        host = DemoHost.in(folder, Environment.of(Map.of(Environment.RUNTIME_DIR, runtime.toString()), Map.of()));
        serving = host.serveBare("disk", folder.resolve("disk.img").toString(), 8 * MIB);
        address = new Address(host.nbdSocket("disk"), "disk");
    }

    @AfterEach
    void end() throws IOException {
        serving.close();
        host.close();
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void largeWritesReachTheDiskAndAreCounted() throws IOException {
        Turn turn = client.run(Load.sequentialWrites(8 * MIB), address);

        assertThat(turn.requests()).isEqualTo(8);
        assertThat(turn.bytes()).isEqualTo(8 * MIB);
        assertThat(turn.seconds()).isPositive();
        try (NbdClient reader = NbdClient.connect(address.socket(), address.export())) {
            ByteBuffer first = ByteBuffer.allocate(4096);
            ByteBuffer later = ByteBuffer.allocate(4096);
            reader.read(0, first);
            reader.read(5 * MIB, later);
            assertThat(first.flip()).isEqualTo(later.flip()).isNotEqualTo(ByteBuffer.allocate(4096));
        }
    }

    @Test
    void readsWhoseDataNobodyWantsAreAnsweredInFull() throws IOException {
        Turn large = client.run(Load.sequentialReads(8 * MIB), address);
        Turn small = client.run(Load.randomReads(8 * MIB).onceEach(), address);

        assertThat(large.bytes()).isEqualTo(8 * MIB);
        assertThat(small.requests()).isEqualTo(2048);
    }

    @Test
    void severalClientsShareTheWorkAndFlush() throws IOException {
        Turn turn = client.run(
                Load.randomWrites(8 * MIB)
                        .depth(1)
                        .clients(4)
                        .atMostBytes(64 * 4096)
                        .flushing(Load.Flush.AFTER_EACH),
                address);

        assertThat(turn.requests()).isEqualTo(64);
    }

    @Test
    void whatIsTrimmedIsGoneAndItsNeighbourIsNot() throws IOException {
        client.run(Load.sequentialWrites(8 * MIB), address);
        try (NbdClient trimmer = NbdClient.connect(address.socket(), address.export())) {
            trimmer.trim(0, (int) MIB);

            ByteBuffer trimmed = ByteBuffer.allocate(4096);
            ByteBuffer next = ByteBuffer.allocate(4096);
            trimmer.read(MIB - 4096, trimmed);
            trimmer.read(MIB, next);
            assertThat(trimmed.flip()).isEqualTo(ByteBuffer.allocate(4096));
            assertThat(next.flip()).isNotEqualTo(ByteBuffer.allocate(4096));
        }
    }

    @Test
    void itEndsWhenTheUserLeaves() {
        OwnClient hurried = new OwnClient("ours", () -> true);

        assertThatIOException()
                .isThrownBy(() -> hurried.run(Load.randomReads(8 * MIB).forSeconds(600), address))
                .isInstanceOf(EndedEarly.class);
    }
}
