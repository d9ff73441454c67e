package writeboost.app.bench.inside;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import writeboost.app.bench.Workbench;
import writeboost.app.client.NbdClient;
import writeboost.engine.cache.CachedDisk;
import writeboost.engine.cache.FormatOptions;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.Settings;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.nbd.NbdServer;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** A pair that is open in this process, on whatever devices a row gives it, and served over NBD. Used by one thread. */
final class ModelPair implements Closeable {
    /** Writeback moves nothing unless room runs out or somebody asks, and nothing is synced unless somebody asks. */
    static final Settings QUIET = new Settings(0, 32, 0, 0, 0);

    private static final String EXPORT = "model";

    private final BlockDevice cache;
    private final BlockDevice backing;
    private final Path socket;
    private final Tasks tasks;
    private final List<Throwable> died = new CopyOnWriteArrayList<>();
    private @Nullable CachedDisk disk;
    private @Nullable NbdServer server;

    /** Keeps a device open when the pair is stopped, so that it can be opened again. */
    private static final class KeptOpen extends ForwardingDevice {
        KeptOpen(BlockDevice inner) {
            super(inner);
        }

        @Override
        public void close() {}
    }

    /** Makes a pair, and opens it. */
    ModelPair(Workbench bench, BlockDevice cache, BlockDevice backing, Settings settings) throws IOException {
        this.cache = new KeptOpen(cache);
        this.backing = new KeptOpen(backing);
        socket = bench.small().resolve(EXPORT + ".sock");
        tasks = new ThreadTasks((thread, e) -> died.add(e));
        CachedDisk.format(this.cache, this.backing, FormatOptions.of(UUID.randomUUID(), false), tasks, Progress.NONE);
        open(settings);
    }

    /** The tasks of devices. */
    static Tasks tasks() {
        return new ThreadTasks((thread, e) -> {});
    }

    /** Opens it again, after {@link #stop} or {@link #kill}. */
    void open(Settings settings) throws IOException {
        CachedDisk opened = CachedDisk.open(cache, backing, settings, tasks, event -> {}, Progress.NONE);
        disk = opened;
        NbdServer serving = new NbdServer(tasks, (connection, what, cause) -> {});
        server = serving;
        serving.addExport(EXPORT, opened);
        serving.listenUnix(socket);
    }

    private CachedDisk disk() {
        CachedDisk open = disk;
        if (open == null) {
            throw new IllegalStateException("the pair is stopped");
        }
        return open;
    }

    /** A new client. */
    NbdClient connect() throws IOException {
        return NbdClient.connect(socket, EXPORT);
    }

    /** Where it is served, and under what name. */
    Path socket() {
        return socket;
    }

    /** Its name there. */
    static String export() {
        return EXPORT;
    }

    /** Its figures. */
    PairSnapshot snapshot() {
        return disk().snapshot();
    }

    /** Changes the settings. */
    void settings(Settings settings) {
        disk().settings(settings);
    }

    /** Makes everything durable on the cache device. */
    void sync() throws IOException {
        disk().sync();
    }

    /** Brings everything to the disk. */
    void flush() throws IOException {
        disk().flush(Progress.NONE);
    }

    /** Stops it cleanly. */
    void stop() throws IOException {
        unserve();
        CachedDisk open = disk;
        disk = null;
        if (open != null) {
            open.stop();
        }
        check();
    }

    /** Stops it as a crash would. */
    void kill() throws IOException {
        unserve();
        CachedDisk open = disk;
        disk = null;
        if (open != null) {
            open.kill();
        }
        check();
    }

    private void unserve() {
        NbdServer serving = server;
        server = null;
        if (serving != null) {
            serving.close();
        }
    }

    private void check() throws IOException {
        if (!died.isEmpty()) {
            throw new IOException("a task of the engine has died", died.get(0));
        }
    }

    /** Lets go of it: what it holds is thrown away. */
    @Override
    public void close() throws IOException {
        kill();
    }
}
