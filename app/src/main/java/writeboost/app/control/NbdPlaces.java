package writeboost.app.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.engine.device.LargePages;
import writeboost.engine.disk.Disk;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.nbd.NbdServer;
import writeboost.engine.task.Tasks;

/**
 * The places where this process serves disks: unix sockets and TCP ports. Several disks may share one; it closes with the
 * last of them. Any thread may call.
 */
final class NbdPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(NbdPlaces.class);
    private static final Pattern ADDRESS = Pattern.compile("(localhost|[0-9.]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    /** Requests in flight may take as long as a disk that spins up and seeks a lot. */
    private static final long DRAIN_NS = 20_000_000_000L;

    private final Tasks tasks;
    private final Map<String, Place> places = new HashMap<>(); // guarded by this

    NbdPlaces(Tasks tasks) {
        this.tasks = tasks;
    }

    /** A server that listens at one place. */
    private static final class Place {
        private final NbdServer server;
        private @Nullable InetSocketAddress address;
        private int disks;

        Place(NbdServer server) {
            this.server = server;
        }
    }

    /** A disk at its places. */
    final class Attachment {
        private final String name;
        private final Map<String, Place> at = new HashMap<>();
        private final List<String> uris = new ArrayList<>();

        private Attachment(String name) {
            this.name = name;
        }

        List<String> uris() {
            return List.copyOf(uris);
        }

        int clients() {
            synchronized (NbdPlaces.this) {
                return at.values().stream()
                        .mapToInt(place -> place.server.clients(name))
                        .sum();
            }
        }

        /** Ends serving the disk: clients get the replies that they wait for. */
        void close() {
            for (Map.Entry<String, Place> each : at.entrySet()) {
                if (!each.getValue().server.removeExport(name, DRAIN_NS)) {
                    LOG.warn("{}: clients were cut off with requests in flight", name);
                }
                leave(each.getKey(), each.getValue());
            }
        }
    }

    /**
     * Serves a disk.
     *
     * @param tcp {@code HOST:PORT} beside the socket, or null
     * @throws EngineException USAGE, IN_USE; nothing is served then
     */
    Attachment attach(String name, Disk disk, Path socket, @Nullable String tcp) throws IOException {
        InetSocketAddress address = tcp == null ? null : parse(tcp);
        Attachment attachment = new Attachment(name);
        boolean done = false;
        try {
            join(attachment, "unix:" + socket, disk, place -> place.server.listenUnix(socket));
            attachment.uris.add(NbdServer.uri(socket, name));
            if (address != null) {
                Place place =
                        join(attachment, "tcp:" + tcp, disk, fresh -> fresh.address = fresh.server.listenTcp(address));
                attachment.uris.add(tcpUri(place, name));
            }
            done = true;
        } finally {
            if (!done) {
                attachment.close();
            }
        }
        return attachment;
    }

    /** Makes a new place listen. */
    @FunctionalInterface
    private interface Listening {
        void start(Place place) throws IOException;
    }

    private synchronized Place join(Attachment attachment, String key, Disk disk, Listening listening)
            throws IOException {
        Place place = places.get(key);
        if (place == null) {
            place = new Place(new NbdServer(
                    tasks,
                    (connection, what, cause) -> LOG.info("{}: {}", connection, what, cause),
                    LargePages::allocate));
            place.server.addExport(attachment.name, disk);
            listen(place, key, listening);
            places.put(key, place);
        } else {
            place.server.addExport(attachment.name, disk);
        }
        place.disks++;
        attachment.at.put(key, place);
        return place;
    }

    private static void listen(Place place, String key, Listening listening) throws IOException {
        try {
            listening.start(place);
        } catch (EngineException e) {
            place.server.close();
            throw e;
        } catch (IOException e) {
            place.server.close();
            throw new EngineException(
                    ErrorCode.IN_USE,
                    "cannot serve at " + key.substring(key.indexOf(':') + 1) + ": " + Failures.sentence(e)
                            + "; choose another place",
                    e);
        }
    }

    private synchronized void leave(String key, Place place) {
        place.disks--;
        if (place.disks == 0) {
            places.remove(key);
            place.server.close();
        }
    }

    private static String tcpUri(Place place, String name) {
        InetSocketAddress address = place.address;
        if (address == null) {
            throw new IllegalStateException("a TCP place has an address once it listens");
        }
        String host = address.getAddress().getHostAddress();
        return "nbd://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/" + name;
    }

    private static InetSocketAddress parse(String text) throws EngineException {
        Matcher matcher = ADDRESS.matcher(text);
        try {
            if (matcher.matches() && Integer.parseInt(matcher.group(2)) <= PORT_MAX) {
                String host = matcher.group(1).equals("localhost") ? "127.0.0.1" : matcher.group(1);
                return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(matcher.group(2)));
            }
        } catch (UnknownHostException e) {
            LOG.debug("no address: {}", text, e);
        }
        throw new EngineException(
                ErrorCode.USAGE, "\"" + text + "\" is not a place on this machine; write one like 127.0.0.1:10809");
    }
}
