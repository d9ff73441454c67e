package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import writeboost.app.config.Environment;
import writeboost.app.config.ProfileStore;

/**
 * What the demo needs: a service with profiles of its own in a throw-away folder, and disks served without a cache to
 * compare with. Its sockets lie where all others do, so that {@code writeboost status} reaches the demo's pair.
 */
public final class DemoHost implements Closeable {
    private final ControlSockets sockets;
    private final EngineHost engine;
    private final LocalCacheService service;

    private DemoHost(ControlSockets sockets, Path folder) {
        this.sockets = sockets;
        this.engine = new EngineHost(sockets);
        this.service = new LocalCacheService(new ProfileStore(folder), engine, sockets);
    }

    /**
     * Makes one.
     *
     * @param folder exists, and is thrown away by the caller
     */
    public static DemoHost in(Path folder, Environment environment) {
        return new DemoHost(ControlSockets.ofThisUser(environment), folder);
    }

    /** The service in this process. */
    public CacheService service() {
        return service;
    }

    /** A name for the demo's pair that no other process serves. */
    public String freeName(String wanted) {
        return sockets.isAlive(wanted) ? wanted + "-" + ProcessHandle.current().pid() : wanted;
    }

    /**
     * Serves a disk without a cache.
     *
     * @param spec of the device, as for a pair
     * @param newBytes if above 0, the file is made with this size
     */
    public BareServing serveBare(String name, String spec, long newBytes) throws IOException {
        return engine.serveBare(name, spec, newBytes);
    }

    /** Where a disk of that name is served. */
    public Path nbdSocket(String name) {
        return sockets.nbdSocket(name);
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
