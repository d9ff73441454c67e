package writeboost.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.config.Environment;
import writeboost.app.control.CacheServices;
import writeboost.app.demo.DemoClient;

/** Commands over the real engine, on real files. */
@Timeout(120)
class RealPairTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Path runtime;
    private Environment environment;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void setUp() throws IOException {
        runtime = Files.createTempDirectory("wb");
        environment = Environment.of(
                Map.of(
                        Environment.CONFIG_DIR, path("config"),
                        Environment.STATE_DIR, path("state"),
                        Environment.RUNTIME_DIR, runtime.toString()),
                Map.of());
        try (FileChannel disk =
                FileChannel.open(folder.resolve("disk"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            disk.write(ByteBuffer.allocate(1), 64 * MIB - 1);
        }
        assertThat(run(
                        "create",
                        "usb",
                        "--backing",
                        path("disk"),
                        "--cache",
                        path("cache"),
                        "--cache-size",
                        "32M",
                        "--set",
                        "writeback_threshold=0"))
                .as(err::toString)
                .isZero();
    }

    @AfterEach
    void tearDown() throws IOException {
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anEmptyCacheIsSoundAndNothingWaits() {
        assertThat(run("verify", path("cache"))).as(err::toString).isZero();
        assertThat(out.toString()).contains(": sound.").contains("nothing waits for the disk");
        assertThat(run("status", "usb")).isZero();
        assertThat(out.toString()).contains("usb: Not serving. Nothing waits.");
    }

    @Test
    void whatWaitsInAStoppedPairIsToldAndKeepsItFromBeingRemoved() throws Exception {
        whileServed(client -> writeBlocks(client, 300));

        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("usb: Not serving. 1.2 MiB still waits on the SSD.");
        assertThat(run("remove", "usb")).isEqualTo(1);
        assertThat(err.toString()).contains("1.2 MiB still waits");

        assertThat(run("flush", "usb")).as(err::toString).isZero();
        assertThat(run("status", "usb")).isZero();
        assertThat(out.toString()).contains("usb: Not serving. Nothing waits.");
        assertThat(run("remove", "usb")).as(err::toString).isZero();
    }

    @Test
    void aFlippedByteOfLiveDataIsNamedBySegmentAndBlock() throws Exception {
        whileServed(client -> writeBlocks(client, 300));
        assertThat(run("verify", path("cache"))).as(out::toString).isZero();
        assertThat(out.toString()).contains("1.2 MiB waits for the disk");

        assertThat(run("inspect", path("cache"), "--block", "7", "--json")).isZero();
        JsonNode version = lastJson().path("versions").path(0);
        long slot = version.path("slot").asLong();
        long offset = version.path("entry").path("offset").asLong();
        flip((128 + slot * 128 + offset) * 4096 + 1000);

        assertThat(run("verify", path("cache"))).isEqualTo(1);
        assertThat(out.toString())
                .contains("Segment " + version.path("segment_id").asLong() + ", block " + offset)
                .contains("block 7 of the disk")
                .contains("damaged in 1 place");
    }

    private void changeTheDiskElsewhere() throws IOException {
        try (FileChannel disk = FileChannel.open(folder.resolve("disk"), StandardOpenOption.WRITE)) {
            disk.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1000);
        }
    }

    private byte[] disk() throws IOException {
        return Files.readAllBytes(folder.resolve("disk"));
    }

    @Test
    void backing5APairWhoseDiskWasChangedElsewhereIsRefusedUntilItIsDiscarded() throws Exception {
        whileServed(client -> writeBlocks(client, 300));
        changeTheDiskElsewhere();
        byte[] before = disk();
        assertThat(run("serve", "usb")).isEqualTo(1);
        assertThat(err.toString()).contains("was changed without its cache").contains("`writeboost resolve usb`");
        assertThat(run("flush", "usb")).isEqualTo(1);
        assertThat(run("resolve", "usb", "--export", path("export")))
                .as(err::toString)
                .isZero();
        assertThat(disk()).as("nothing was changed so far").isEqualTo(before);
        byte[] image = Files.readAllBytes(folder.resolve("export").resolve("disk.img"));
        assertThat(image).hasSize(64 << 20);
        for (int i = 0; i < 300; i++) {
            assertThat(ByteBuffer.wrap(image).getLong(i * 4096)).isEqualTo(i + 1);
        }
        assertThat(Files.readString(folder.resolve("export").resolve("ranges.tsv")))
                .isEqualTo("what\toffset\tlength\ndata\t0\t1048576\ndata\t1048576\t180224\n");

        assertThat(run("resolve", "usb", "--discard", "--yes"))
                .as(err::toString)
                .isZero();
        assertThat(run("flush", "usb")).as(err::toString).isZero();
        assertThat(disk()).isEqualTo(before);
        assertThat(run("resolve", "usb", "--discard", "--yes")).isEqualTo(1);
        assertThat(err.toString()).contains("there is nothing to decide");
    }

    @Test
    void backing5APairWhoseDiskWasChangedElsewhereIsWrittenAllTheSameByForce() throws Exception {
        whileServed(client -> writeBlocks(client, 300));
        changeTheDiskElsewhere();
        assertThat(run("resolve", "usb", "--force", "--yes")).as(err::toString).isZero();
        ByteBuffer disk = ByteBuffer.wrap(disk());
        for (int i = 0; i < 300; i++) {
            assertThat(disk.getLong(i * 4096)).isEqualTo(i + 1);
        }
        assertThat(run("status", "usb")).isZero();
        assertThat(out.toString()).contains("usb: Not serving. Nothing waits.");
    }

    @Test
    void anExportGoesToANewFolderOnly() throws Exception {
        Files.createDirectory(folder.resolve("export"));
        Files.writeString(folder.resolve("export").resolve("mine"), "x");
        assertThat(run("resolve", "usb", "--export", path("export"))).isEqualTo(2);
        assertThat(err.toString()).contains("is not empty");
    }

    @Test
    void aRescueWritesWhatIsIntactAndNamesWhatIsNot() throws Exception {
        whileServed(client -> {
            writeBlocks(client, 300);
            assertThat(run("rescue", path("cache"), "--backing", path("disk"))).isEqualTo(1);
            assertThat(err.toString()).contains("is in use");
        });
        assertThat(run("inspect", path("cache"), "--block", "7", "--json")).isZero();
        JsonNode version = lastJson().path("versions").path(0);
        flip((128
                                + version.path("slot").asLong() * 128
                                + version.path("entry").path("offset").asLong())
                        * 4096
                + 1000);
        byte[] before = disk();
        assertThat(run("rescue", path("cache"), "--backing", path("disk"), "--dry-run"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("Bytes 28672 to 32767 of the disk (4 KiB): damaged on the cache device.");
        assertThat(disk()).isEqualTo(before);
        assertThat(run("rescue", path("cache"), "--backing", path("disk"))).isEqualTo(1);
        assertThat(out.toString()).contains("1.2 MiB intact and written to " + path("disk") + "; 4 KiB lost.");
        ByteBuffer disk = ByteBuffer.wrap(disk());
        for (int i = 0; i < 300; i++) {
            assertThat(disk.getLong(i * 4096)).isEqualTo(i == 7 ? 0 : i + 1);
        }
    }

    @Test
    void aCacheInUseIsLookedAtToo() throws Exception {
        whileServed(client -> {
            writeBlocks(client, 300);
            assertThat(run("sync", "usb")).isZero();
            assertThat(run("verify", path("cache"))).as(out::toString).isZero();
            assertThat(run("inspect", path("cache"))).isZero();
        });
        assertThat(out.toString()).contains("Note: The cache is being used");
    }

    @Test
    void statusOfAServedPairTellsWhatItDoes() throws Exception {
        whileServed(client -> {
            writeBlocks(client, 300);
            assertThat(run("status", "usb", "--json")).isZero();
            assertThat(StatusFields.namesOf(lastJson())).isEqualTo(StatusFields.documented());
            assertThat(lastJson().path("state").asText()).isEqualTo("dirty");
            assertThat(lastJson().path("dirty_blocks").asLong()).isEqualTo(300);
            assertThat(lastJson().path("clients").asInt()).isEqualTo(1);
            assertThat(lastJson().path("user_bytes_written").asLong()).isEqualTo(300 * 4096);
            assertThat(run("drop", "usb")).as(err::toString).isZero();
            assertThat(run("status", "usb", "--json")).isZero();
            assertThat(lastJson().path("cached_blocks").asLong()).isZero();
        });
    }

    /** What is done with a client of the served pair. */
    @FunctionalInterface
    private interface Use {
        void of(DemoClient client) throws Exception;
    }

    private void whileServed(Use use) throws Exception {
        Interruption signal = new Interruption();
        StringWriter served = new StringWriter();
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> program(signal, served).run("serve", "usb"));
        await().until(() -> served.toString().contains("nbd+unix:") || code.isDone());
        try (DemoClient client = new DemoClient(runtime.resolve("usb.sock"), "usb")) {
            use.of(client);
        } finally {
            signal.request();
        }
        assertThat(code.get(60, TimeUnit.SECONDS)).as(err::toString).isZero();
    }

    private static void writeBlocks(DemoClient client, int blocks) throws IOException {
        for (int i = 0; i < blocks; i++) {
            client.write(i * 4096L, ByteBuffer.allocateDirect(4096).putLong(0, i + 1));
        }
        client.flush();
    }

    private void flip(long offset) throws IOException {
        try (FileChannel file =
                FileChannel.open(folder.resolve("cache"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            file.write(one, offset);
        }
    }

    private JsonNode lastJson() throws IOException {
        String all = out.toString();
        return new ObjectMapper().readTree(all.substring(all.lastIndexOf("\n{\n") + 1));
    }

    private int run(String... arguments) {
        return program(new Interruption(), out).run(arguments);
    }

    private Program program(Interruption signal, StringWriter output) {
        return CommandRunner.program(() -> CacheServices.ofThisUser(environment), environment, signal, output, err);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
