package writeboost.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.client.NbdClient;
import writeboost.app.config.Environment;
import writeboost.app.control.BareServing;
import writeboost.app.control.DemoHost;

/** The demo's client and its check, against a disk that is really served. */
@Timeout(60)
class WorkloadTest {
    private static final int DISK_BLOCKS = 600;

    @TempDir
    private Path folder;

    private Path socketFolder;
    private Path image;
    private DemoHost host;
    private BareServing serving;

    @BeforeEach
    void setUp() throws IOException {
        socketFolder = Files.createTempDirectory("wb");
        image = folder.resolve("disk");
        Environment environment = Environment.of(
                Map.of(Environment.RUNTIME_DIR, socketFolder.resolve("s").toString()), Map.of());
        host = DemoHost.in(folder, environment);
        serving = host.serveBare("bare", image.toString(), DISK_BLOCKS * 4096L);
    }

    @AfterEach
    void tearDown() throws IOException {
        serving.close();
        host.close();
        Files.delete(socketFolder.resolve("s/.bare.sock.lock"));
        Files.delete(socketFolder.resolve("s"));
        Files.delete(socketFolder);
    }

    @Test
    void whatTheWorkloadWroteIsFoundSound() throws IOException {
        Workload workload = new Workload(1, 100, 200);
        try (NbdClient client = connect()) {
            assertThat(client.sizeBytes()).isEqualTo(DISK_BLOCKS * 4096L);
            workload.run(client, () -> workload.writes() < 1000);

            assertThat(workload.writes()).isEqualTo(1000);
            assertThat(workload.verify(client, () -> true)).isEqualTo(-1);
        }
    }

    @Test
    void aSingleWrongBitIsFoundInsideAndOutsideOfWhatWasWritten() throws IOException {
        Workload workload = new Workload(1, 100, 200);
        try (NbdClient client = connect()) {
            workload.run(client, () -> workload.writes() < 1000);
            for (long block : new long[] {0, 99, 100, 299, 300, DISK_BLOCKS - 1}) {
                flip(client, block);
                assertThat(workload.verify(client, () -> true)).isEqualTo(block);
                flip(client, block);
            }
            assertThat(workload.verify(client, () -> true)).isEqualTo(-1);
        }
    }

    @Test
    void anOlderVersionOfABlockIsFound() throws IOException {
        Workload workload = new Workload(1, 0, 1);
        try (NbdClient client = connect()) {
            workload.run(client, () -> workload.writes() < 1);
            ByteBuffer older = ByteBuffer.allocateDirect(4096);
            client.read(0, older);
            workload.run(client, () -> workload.writes() < 2);
            client.write(0, older.flip(), 1);
            client.flush();

            assertThat(workload.verify(client, () -> true)).isZero();
        }
    }

    @Test
    void anExportThatDoesNotExistIsRefusedWithAReason() {
        assertThatThrownBy(
                        () -> NbdClient.connect(host.nbdSocket("bare"), "other").close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refuses the export other");
    }

    @Test
    void errorsOfTheServerReachTheCaller() throws IOException {
        try (NbdClient client = connect()) {
            assertThatThrownBy(() -> client.read(DISK_BLOCKS * 4096L, ByteBuffer.allocate(4096)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("error 22");
        }
    }

    @Test
    void whatTheClientFlushedIsInTheFile() throws IOException {
        Workload workload = new Workload(1, 5, 1);
        try (NbdClient client = connect()) {
            workload.run(client, () -> workload.writes() < 1);
            ByteBuffer served = ByteBuffer.allocateDirect(4096);
            client.read(5 * 4096L, served);
            ByteBuffer stored = ByteBuffer.allocate(4096);
            try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ)) {
                file.read(stored, 5 * 4096L);
            }
            assertThat(stored.flip()).isEqualTo(served.flip());
        }
    }

    private NbdClient connect() throws IOException {
        return NbdClient.connect(host.nbdSocket("bare"), "bare");
    }

    private static void flip(NbdClient client, long block) throws IOException {
        ByteBuffer data = ByteBuffer.allocateDirect(4096);
        client.read(block * 4096, data);
        data.put(77, (byte) (data.get(77) ^ 8));
        client.write(block * 4096, data.flip(), 1);
        client.flush();
    }
}
