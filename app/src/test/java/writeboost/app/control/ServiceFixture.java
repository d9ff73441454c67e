package writeboost.app.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import writeboost.app.config.ProfileStore;
import writeboost.engine.cache.Progress;

/**
 * Two processes of one user in one: {@link #server} serves pairs, {@link #client} has an engine of its own and reaches
 * the server's pairs over their sockets.
 */
public final class ServiceFixture implements AutoCloseable {
    /** The engine of the serving process. */
    public final FakeEngine engine = new FakeEngine();
    /** The engine of the other process. */
    public final FakeEngine clientEngine = new FakeEngine();
    /** Their profiles. */
    public final ProfileStore profiles;
    /** The serving process. */
    public final LocalCacheService server;
    /** The other process. */
    public final RoutedCacheService client;

    final ControlSockets sockets;
    private final Path socketFolder;

    /** Uses a folder of the test's. */
    public ServiceFixture(Path folder) throws IOException {
        profiles = new ProfileStore(folder);
        // paths of unix sockets are short, those of test folders are not
        socketFolder = Files.createTempDirectory("wb");
        sockets = new ControlSockets(socketFolder);
        server = new LocalCacheService(profiles, engine, sockets);
        client = new RoutedCacheService(new LocalCacheService(profiles, clientEngine, sockets), sockets);
    }

    /** Makes a pair. */
    public void create(String name) throws IOException {
        engine.device("/dev/" + name, null);
        server.create(new NewPair(name, "/slow/" + name, "/dev/" + name, 0, Map.of(), false), Progress.NONE);
    }

    /** Makes a pair and serves it. */
    public void serve(String name) throws IOException {
        create(name);
        server.serve(name, ServeOptions.DEFAULT, Progress.NONE);
    }

    /** What a further process of the user would have; it shares {@link #clientEngine}. */
    public CacheService another() {
        return new RoutedCacheService(new LocalCacheService(profiles, clientEngine, sockets), sockets);
    }

    @Override
    public void close() throws IOException {
        engine.stopFailure = null;
        clientEngine.stopFailure = null;
        client.close();
        server.close();
        try (var files = Files.list(socketFolder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(socketFolder);
    }
}
