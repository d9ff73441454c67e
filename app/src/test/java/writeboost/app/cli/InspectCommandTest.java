package writeboost.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.app.config.Environment;
import writeboost.engine.cache.CachedDisk;
import writeboost.engine.cache.FormatOptions;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.Settings;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceOptions;
import writeboost.engine.device.Devices;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** {@code inspect} and {@code verify} on a real cache file. */
@Timeout(60)
class InspectCommandTest {
    private static final long MIB = 1 << 20;
    private static final Settings QUIET = new Settings(0, 32, 0, 0, 0);

    /** The first data block of the second chunk: segments begin at block 128; header, 3 data blocks, header. */
    private static final long SECOND_DATA_BYTE = (128 + 5) * 4096L;

    @TempDir
    private Path folder;

    private final Tasks tasks = new ThreadTasks((thread, failure) -> {
        throw new IllegalStateException(failure);
    });
    private final Interruption interruption = new Interruption();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private CachedDisk disk;
    private String cache;

    @BeforeEach
    void aCacheWithTwoChunks() throws Exception {
        cache = folder.resolve("cache.img").toString();
        BlockDevice cacheDevice = Devices.open(cache, DeviceOptions.exclusive().creating(20 * MIB), tasks);
        BlockDevice backing = Devices.open(
                folder.resolve("disk.img").toString(), DeviceOptions.exclusive().creating(8 * MIB), tasks);
        CachedDisk.format(cacheDevice, backing, FormatOptions.of(new UUID(3, 4), false), tasks, Progress.NONE);
        disk = CachedDisk.open(cacheDevice, backing, QUIET, tasks, event -> {}, Progress.NONE);
        write(10, 3);
        disk.sync();
        write(11, 1);
        disk.sync();
    }

    @AfterEach
    void stop() throws IOException {
        disk.kill();
    }

    private void write(long address, int blocks) {
        CompletableFuture<DiskError> ended = new CompletableFuture<>();
        DiskRequest request = new DiskRequest() {
            @Override
            public void complete(DiskError error) {
                ended.complete(error);
            }
        };
        request.op = DiskRequest.Op.WRITE;
        request.offsetBytes = address * 4096;
        request.lengthBytes = blocks * 4096L;
        request.data = ByteBuffer.allocateDirect(blocks * 4096).put(0, (byte) address);
        disk.submit(request);
        assertThat(ended.join()).isEqualTo(DiskError.OK);
    }

    private void flipByte(long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(cache, "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 1);
        }
    }

    private int run(String... arguments) {
        Environment environment = Environment.of(Map.of(Environment.STATE_DIR, "/nowhere"), Map.of());
        return CommandRunner.program(CommandRunner.NO_SERVICE, environment, interruption, out, err)
                .run(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "verify"})
    void bothHaveHelpAndAVersion(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: writeboost " + command);
        assertThat(run(command, "--version")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "inspect, PATH",
        "verify, PATH",
        "inspect x --segment one, --segment",
        "inspect x --block -1, must be 0 or more",
        "inspect x --block 1 --segment 1, not both",
    })
    void wrongUsageReturnsTwo(String line, String words) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(words).doesNotContain("Exception");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "verify"})
    void whatIsNotACacheIsSaidToBeNone(String command) throws IOException {
        Path other = Files.write(folder.resolve("other"), new byte[1 << 20]);

        assertThat(run(command, other.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("holds no Writeboost cache");
        assertThat(run(command, folder.resolve("none").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("there is no such file or disk");
    }

    @Test
    void aSoundCacheVerifiesWithStatusZeroAndAProgressBar() throws IOException {
        disk.stop();

        assertThat(run("verify", cache)).isZero();
        assertThat(out.toString())
                .isEqualTo(cache + ": sound. 2 chunks with 4 data blocks (16 KiB) were checked; 12 KiB waits for the"
                        + " disk.\n");
        assertThat(err.toString()).contains("Verifying " + cache + ": 100 %");
    }

    @Test
    void damageIsNamedAndReturnsOne() throws IOException {
        disk.kill();
        flipByte(SECOND_DATA_BYTE + 100);

        assertThat(run("verify", cache)).isEqualTo(1);
        assertThat(out.toString())
                .isEqualTo("Segment 1, block 5 (byte " + SECOND_DATA_BYTE + " of the device): block 11 of the disk"
                        + " (byte 45056, chunk 2) is damaged. It waits for the backing device: the data is lost.\n"
                        + cache + ": damaged in 1 place; 1 of them with data that is nowhere else. 2 chunks with 4 data"
                        + " blocks (16 KiB) were checked; 12 KiB waits for the disk.\n");
    }

    @Test
    void aCacheThatIsInUseIsVerifiedToo() {
        write(500, 200);

        assertThat(run("verify", cache)).isZero();
        assertThat(out.toString()).contains("Note: The cache is being used").contains(": sound. ");
    }

    @Test
    void verifyingCanBeCancelled() {
        interruption.request();

        assertThat(run("verify", cache)).isEqualTo(1);
        assertThat(err.toString()).contains("cancelled");
    }

    @Test
    void theLogIsShown() throws IOException {
        disk.stop();

        assertThat(run("inspect", cache)).isZero();
        assertThat(out.toString())
                .contains("chunks 1 to 2; durable 2, tail 0, oldest 1; head is segment 1")
                .contains("3 dirty (12 KiB), 0 clean, 1 superseded; 0 lost; 0 dirty ranges")
                .contains("clean stop")
                .containsPattern("\n +1 +0 head +2 +1-2 +6 +3 +0 +1\n")
                .contains("37 of 38 segments are free.");
    }

    @Test
    void theLogIsShownAsJson() throws IOException {
        disk.stop();

        assertThat(run("inspect", cache, "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.at("/summary/dirty_blocks").asInt()).isEqualTo(3);
        assertThat(json.at("/summary/pair_uuid").asText()).isEqualTo(new UUID(3, 4).toString());
        assertThat(json.at("/summary/checkpoint/clean").asBoolean()).isTrue();
        assertThat(json.at("/segments")).hasSize(38);
        assertThat(json.at("/segments/0/state").asText()).isEqualTo("head");
        assertThat(json.at("/segments/1/state").asText()).isEqualTo("free");
    }

    @Test
    void aSegmentIsShownWithItsChunksAndEntries() throws IOException {
        assertThat(run("inspect", cache, "--segment", "1")).isZero();
        assertThat(out.toString())
                .contains("block 0: chunk 1, in the log; 3 data blocks; incarnation 1 from chunk 1")
                .contains("block 4: chunk 2, in the log; 1 data blocks; incarnation 1 from chunk 1")
                .containsPattern("\n +2 +11 written +######## ######## [0-9a-f]{8} ok +superseded\n")
                .containsPattern("\n +5 +11 written +######## ######## [0-9a-f]{8} ok +dirty\n");

        out.getBuffer().setLength(0);
        assertThat(run("inspect", cache, "--segment", "1", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.at("/segment/live_chunks").asInt()).isEqualTo(2);
        assertThat(json.at("/chunks/1/entries/0/address").asLong()).isEqualTo(11);
        assertThat(json.at("/chunks/1/entries/0/data").asText()).isEqualTo("ok");
    }

    @Test
    void aSegmentThatIsNotThereIsAFailure() {
        assertThat(run("inspect", cache, "--segment", "7")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no segment 7");
    }

    @Test
    void theHistoryOfABlockIsShown() throws IOException {
        assertThat(run("inspect", cache, "--block", "11")).isZero();
        assertThat(out.toString())
                .startsWith("Block 11 (byte 45056 of the disk). A read gives:\n")
                .contains("\n  the data in segment 1, block 5; the backing device does not have it yet.\n")
                .containsPattern("\n \\* +2 +1 +5 .* dirty +in the log\n +1 +1 +2 .* superseded +in the log\n");

        out.getBuffer().setLength(0);
        assertThat(run("inspect", cache, "--block", "11", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.at("/versions")).hasSize(2);
        assertThat(json.at("/versions/0/counts").asBoolean()).isTrue();
        assertThat(json.at("/versions/0/entry/valid").asInt()).isEqualTo(255);
    }
}
