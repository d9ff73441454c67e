package writeboost.app.gui.model;

import java.io.IOException;
import writeboost.app.control.CacheService;
import writeboost.app.control.PairStatus;
import writeboost.engine.cache.Progress;

/**
 * Makes a disk safe to unplug, and says yes only if it is: no client is connected, everything is on the disk, and the disk is
 * closed.
 *
 * <p>A client may connect and write between any two steps. So the last flush opens the pair without serving it, when
 * nobody can write, and closes it again: what it returns from is so.
 */
final class SafeUnplug {
    private final CacheService service;
    private final Runnable lastLook;

    /** Makes one; {@code lastLook} is called before the pair is closed, when everything has been moved. */
    SafeUnplug(CacheService service, Runnable lastLook) {
        this.service = service;
        this.lastLook = lastLook;
    }

    /** Does it; what came of it is for the user to read. */
    Notice run(String name, Progress progress) throws IOException {
        if (service.serves(name)) {
            int clients = service.status(name).clients();
            if (clients > 0) {
                return inUse(name, clients);
            }
            service.flush(name, progress);
            clients = service.status(name).clients();
            if (clients > 0) {
                return inUse(name, clients);
            }
            lastLook.run();
            service.stop(name);
        }
        service.flush(name, progress);
        if (service.serves(name)) {
            return Notice.refused("unplug.served_again", name);
        }
        return Notice.good("unplug.safe", name);
    }

    private Notice inUse(String name, int clients) throws IOException {
        PairStatus status = service.status(name);
        String where = status.uris().isEmpty() ? name : status.uris().get(0);
        return clients == 1
                ? Notice.refused("unplug.one_client", name, where)
                : Notice.refused("unplug.clients", name, where, clients);
    }
}
