package writeboost.app.gui.model;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import writeboost.app.control.CacheService;
import writeboost.app.control.PairStatus;
import writeboost.engine.cache.Progress;
import writeboost.engine.host.NbdDevices;

/**
 * Makes a disk safe to unplug, and says yes only if it is: no client is connected, everything is on the disk, and the disk is
 * closed.
 *
 * <p>A client may connect and write between any two steps. So the last flush opens the pair without serving it, when
 * nobody can write, and closes it again: what it returns from is so.
 */
final class SafeUnplug {
    private static final String SOCKET = "socket=";

    private final CacheService service;
    private final Attachments attachments;
    private final Runnable lastLook;

    /** Which disks of this machine have been made of an export. */
    @FunctionalInterface
    interface Attachments {
        /** Those of the export at that socket, of that size. */
        List<NbdDevices.Attached> of(String socket, long sizeBytes);
    }

    /** Makes one; {@code lastLook} is called before the pair is closed, when everything has been moved. */
    SafeUnplug(CacheService service, Attachments attachments, Runnable lastLook) {
        this.service = service;
        this.attachments = attachments;
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

    /** Names what is to be unmounted or disconnected, as far as that can be known. */
    private Notice inUse(String name, int clients) throws IOException {
        PairStatus status = service.status(name);
        List<NbdDevices.Attached> disks = disks(status);
        String nodes = list(disks.stream().map(NbdDevices.Attached::path));
        String places = list(disks.stream().flatMap(disk -> disk.mountPoints().stream()));
        if (!places.isEmpty()) {
            return Notice.refused("unplug.mounted", name, places, nodes);
        }
        if (!disks.isEmpty()) {
            return Notice.refused("unplug.attached", name, nodes);
        }
        String where = status.uris().isEmpty() ? name : status.uris().get(0);
        return clients == 1
                ? Notice.refused("unplug.one_client", name, where)
                : Notice.refused("unplug.clients", name, where, clients);
    }

    private List<NbdDevices.Attached> disks(PairStatus status) {
        return status.uris().stream()
                .map(uri -> URI.create(uri).getQuery())
                .filter(query -> query != null && query.startsWith(SOCKET))
                .flatMap(query -> attachments
                        .of(query.substring(SOCKET.length()), status.backing().bytes())
                        .stream())
                .distinct()
                .toList();
    }

    private static String list(Stream<String> names) {
        return names.collect(Collectors.joining(" "));
    }
}
