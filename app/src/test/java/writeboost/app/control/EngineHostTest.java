package writeboost.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.config.PairProfile;
import writeboost.app.config.ProfileStore;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.Settings;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** The real engine on real files. */
@Timeout(120)
class EngineHostTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Path socketFolder;
    private EngineHost host;

    @BeforeEach
    void setUp() throws IOException {
        socketFolder = Files.createTempDirectory("wb");
        host = new EngineHost(new ControlSockets(socketFolder));
    }

    @AfterEach
    void tearDown() throws IOException {
        try (Stream<Path> files = Files.list(socketFolder)) {
            for (Path file : files.toList()) {
                assertThat(file.toString()).as("a socket that was left").endsWith(".lock");
                Files.delete(file);
            }
        }
        Files.delete(socketFolder);
    }

    @Test
    void whatLiesOnADeviceIsFoundWhereverItLies() throws IOException {
        assertThat(look(0, "")).isNull();
        assertThat(look(0, "XFSB")).isEqualTo("an XFS file system");
        assertThat(look(3, "x")).isEqualTo("data of an unknown kind");
        assertThat(look(64 * MIB - 1, "x")).isEqualTo("data of an unknown kind");
        assertThat(look(MIB - 1, "x")).isEqualTo("data of an unknown kind");
    }

    @Test
    void aSmallOrMissingFileIsLookedAtToo() throws IOException {
        Path small = Files.write(folder.resolve("small"), new byte[512]);

        assertThat(host.examine(small.toString())).isEqualTo(new DeviceContent(small.toString(), true, 512, null));
        assertThat(host.examine(folder.resolve("none").toString()).exists()).isFalse();
        assertRefused(ErrorCode.USAGE, "give a file or a block device", () -> host.examine(folder.toString()));
        assertRefused(ErrorCode.USAGE, "empty at each start", () -> host.examine("mem:1G"));
    }

    @Test
    void aFormattedCacheIsRecognised() throws IOException {
        format("usb", 64 * MIB);

        assertThat(host.examine(folder.resolve("cache").toString()).found()).isEqualTo("a Writeboost cache");
    }

    @Test
    void aCacheFileThatCannotBeFormattedGoesAgain() throws IOException {
        image("disk", 64 * MIB);
        PairProfile pair = profile("usb");

        assertRefused(ErrorCode.SIZE, "", () -> host.format(pair, MIB, false, Progress.NONE));
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void aFileThatExistedStaysWhenFormattingFails() throws IOException {
        image("disk", 64 * MIB);
        image("cache", MIB);

        assertRefused(ErrorCode.SIZE, "", () -> host.format(profile("usb"), 0, false, Progress.NONE));
        assertThat(folder.resolve("cache")).hasSize(MIB);
    }

    @Test
    void process5BackingAndCacheMustDiffer() throws IOException {
        image("disk", 64 * MIB);
        Files.createSymbolicLink(folder.resolve("cache"), folder.resolve("disk"));

        assertRefused(ErrorCode.USAGE, "they are the same", () -> host.format(profile("usb"), 0, true, Progress.NONE));
    }

    @Test
    void process5AProfileThatLeadsToAnotherPairsCacheIsRefused() throws IOException {
        format("usb", 64 * MIB);

        assertRefused(
                ErrorCode.FOREIGN,
                "another pair than other",
                () -> host.open(profile("other"), event -> {}, Progress.NONE));
    }

    @Test
    void aCacheThatIsNoneIsRefused() throws IOException {
        image("disk", 64 * MIB);
        image("cache", 64 * MIB);

        assertRefused(
                ErrorCode.NOT_A_CACHE,
                "holds no Writeboost cache",
                () -> host.open(profile("usb"), event -> {}, Progress.NONE));
    }

    @Test
    void aPairThatIsOpenCannotBeOpenedAgainButLookedAt() throws IOException {
        PairProfile pair = format("usb", 64 * MIB);
        Engine.OpenPair open = host.open(pair, event -> {}, Progress.NONE);
        try {
            assertRefused(ErrorCode.IN_USE, "in use", () -> host.open(pair, event -> {}, Progress.NONE));
            assertThat(host.examine(pair.cache()).found()).isEqualTo("a Writeboost cache");
        } finally {
            open.stop();
        }
        host.open(pair, event -> {}, Progress.NONE).stop();
    }

    @Test
    void aPlaceThatIsNotOnThisMachineIsRefused() throws IOException {
        PairProfile pair = format("usb", 64 * MIB);
        Engine.OpenPair open = host.open(pair, event -> {}, Progress.NONE);
        try {
            for (String tcp :
                    new String[] {"", "10809", "127.0.0.1:", "127.0.0.1:99999", "example.org:1", "8.8.8.8:1"}) {
                assertRefused(ErrorCode.USAGE, "", () -> open.serve(new ServeOptions(null, tcp)));
            }
            assertThat(open.serve(new ServeOptions(null, "127.0.0.1:0")))
                    .satisfiesExactly(
                            uri -> assertThat(uri)
                                    .isEqualTo("nbd+unix:///usb?socket=" + socketFolder.resolve("usb.sock")),
                            uri -> assertThat(uri).matches("nbd://127\\.0\\.0\\.1:[1-9]\\d*/usb"));
        } finally {
            open.stop();
        }
    }

    private @org.jspecify.annotations.Nullable String look(long offset, String text) throws IOException {
        Path image = image("look", 64 * MIB);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), offset);
        }
        return host.examine(image.toString()).found();
    }

    private PairProfile format(String name, long cacheBytes) throws IOException {
        image("disk", 64 * MIB);
        PairProfile pair = profile(name);
        host.format(pair, cacheBytes, false, Progress.NONE);
        return pair;
    }

    private PairProfile profile(String name) {
        return ProfileStore.newProfile(
                name, folder.resolve("disk").toString(), folder.resolve("cache").toString(), Settings.DEFAULT);
    }

    private Path image(String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
        return file;
    }

    private static void assertRefused(ErrorCode code, String words, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(words)
                .extracting(failure -> ((EngineException) failure).code())
                .isEqualTo(code);
    }
}
