package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.cli.CommandRunner;
import writeboost.app.config.Environment;
import writeboost.app.config.Sizes;
import writeboost.app.control.CacheService;
import writeboost.app.control.CacheServices;
import writeboost.app.control.NewPair;
import writeboost.app.control.PairStatus;
import writeboost.app.control.ServeOptions;
import writeboost.app.demo.DemoClient;
import writeboost.engine.cache.Progress;

/** The figures of a real pair, on the screen and on the command line. */
@Timeout(120)
class FiguresJourneyTest {
    private static final int BLOCKS = 300;
    private static final int BLOCK_BYTES = 4096;

    @TempDir
    private Path folder;

    private Path runtime;
    private CacheService real;
    private volatile @Nullable PairStatus held;
    private ShownWindow window;

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void open() throws IOException {
        runtime = Files.createTempDirectory("wb");
        try (FileChannel disk =
                FileChannel.open(folder.resolve("disk"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            disk.write(ByteBuffer.allocate(1), (64 << 20) - 1);
        }
        real = CacheServices.ofThisUser(Environment.of(
                Map.of(
                        Environment.CONFIG_DIR, folder.resolve("config").toString(),
                        Environment.STATE_DIR, folder.resolve("state").toString(),
                        Environment.RUNTIME_DIR, runtime.toString()),
                Map.of()));
        real.create(
                new NewPair(
                        "usb",
                        folder.resolve("disk").toString(),
                        folder.resolve("cache").toString(),
                        32 << 20,
                        Map.of("writeback_threshold", "0"),
                        false),
                Progress.NONE);
        real.serve("usb", ServeOptions.DEFAULT, Progress.NONE);
        window = ShownWindow.on(service());
    }

    @AfterEach
    void close() throws IOException {
        window.close();
        real.close();
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theFiguresLiveAndEqualTheStatusOfTheSameSnapshot() throws Exception {
        window.awaitText("sentence", "Serving. Everything is on the disk.");
        try (DemoClient client = new DemoClient(runtime.resolve("usb.sock"), "usb")) {
            for (int i = 0; i < BLOCKS; i++) {
                client.write((long) i * BLOCK_BYTES, ByteBuffer.allocateDirect(BLOCK_BYTES));
            }
            client.flush();
            client.read(0, ByteBuffer.allocateDirect(BLOCK_BYTES));
        }
        window.awaitText("sentence", said -> said.startsWith("Serving. 1.2 MiB not yet on the disk"));
        window.awaitText("coming-in-value", value -> !value.equals("0 MB/s"));

        // snapshots are made anew for each who asks; for once, everybody is given the same
        PairStatus same = real.status("usb");
        held = same;
        window.awaitUntil(
                "the snapshot is shown",
                () -> ShownWindow.onFx(() -> window.window().view().snapshotId() == same.snapshotId()));
        JsonNode json = new ObjectMapper().readTree(CommandRunner.run(service(), "status", "usb", "--json"));

        assertThat(json.path("snapshot_id").asLong())
                .isEqualTo(ShownWindow.onFx(() -> window.window().view().snapshotId()));
        assertThat(window.text("sentence")).isEqualTo(json.path("sentence").asText());
        long dirty = json.path("dirty_blocks").asLong();
        long cached = json.path("cached_blocks").asLong();
        assertThat(dirty).isEqualTo(BLOCKS);
        assertThat(window.text("not-on-disk-value")).isEqualTo(Sizes.format(dirty * BLOCK_BYTES));
        assertThat(window.text("meaning-dirty")).startsWith(Sizes.format(dirty * BLOCK_BYTES) + " only on the SSD");
        assertThat(window.text("meaning-clean")).isEqualTo(Sizes.format((cached - dirty) * BLOCK_BYTES) + " on both");
        assertThat(window.text("buffers"))
                .isEqualTo(json.path("ram_buffers").asInt() + " of "
                        + json.path("ram_buffers_total").asInt() + " in use");
    }

    /** The real service, but for the status while it is held; commands may close it and the pair goes on. */
    private CacheService service() {
        return (CacheService) Proxy.newProxyInstance(
                CacheService.class.getClassLoader(),
                new Class<?>[] {CacheService.class},
                (proxy, method, arguments) -> {
                    PairStatus status = held;
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (method.getName().equals("status") && status != null) {
                        return status;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
