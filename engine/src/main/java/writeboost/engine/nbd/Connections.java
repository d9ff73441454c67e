package writeboost.engine.nbd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * All connections of a server, in two groups: those in the handshake, each with a time by which it must have finished,
 * and clients. Any thread may call.
 */
final class Connections {
    private final Tasks tasks;
    private final Monitor monitor;
    private final Monitor.Signal changed;
    private final Monitor.Signal firstHandshake;
    // Guarded by monitor:
    /** When each handshake began; the oldest first. */
    private final LinkedHashMap<Connection, Long> handshakes = new LinkedHashMap<>();

    private final Map<Connection, Export> clients = new HashMap<>();
    private final List<Export> closedExports = new ArrayList<>();
    /** Whose thread has not ended, those included that were cut. */
    private int running;

    private boolean watcherSleeps;
    private boolean closed;

    Connections(Tasks tasks) {
        this.tasks = tasks;
        monitor = tasks.newMonitor("nbd connections");
        changed = monitor.newSignal("a connection ended");
        firstHandshake = monitor.newSignal("a handshake began");
    }

    /**
     * Takes in a new connection. If there are too many in the handshake, the oldest of these has to go. Waits while there
     * are {@link Limits#CONNECTIONS_MAX}: those that were cut are about to end.
     *
     * @return false if the server is stopping
     */
    boolean add(Connection connection) {
        Connection oldest = null;
        monitor.lock();
        try {
            while (running >= Limits.CONNECTIONS_MAX && !closed) {
                changed.await();
            }
            if (closed) {
                return false;
            }
            running++;
            if (handshakes.size() >= Limits.HANDSHAKES_MAX) {
                oldest = handshakes.keySet().iterator().next();
                handshakes.remove(oldest);
            }
            handshakes.put(connection, tasks.nanoTime());
            if (watcherSleeps) {
                firstHandshake.raise();
            }
        } finally {
            monitor.unlock();
        }
        if (oldest != null) {
            oldest.cutHandshake("the handshake made no room for a newer one: " + Limits.HANDSHAKES_MAX
                    + " connections were in the handshake at once");
        }
        return true;
    }

    /** Makes a client of a connection in the handshake, if there is room for one and the export is still there. */
    boolean admit(Connection connection, Export export) {
        monitor.lock();
        try {
            boolean room = !closed && clients.size() < Limits.CLIENTS_MAX && !closedExports.contains(export);
            if (!room || handshakes.remove(connection) == null) {
                return false;
            }
            clients.put(connection, export);
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /** Forgets a connection that has ended. */
    void remove(Connection connection) {
        monitor.lock();
        try {
            handshakes.remove(connection);
            clients.remove(connection);
            running--;
            changed.raise();
        } finally {
            monitor.unlock();
        }
    }

    /** Connections whose thread has not ended. */
    int runningCount() {
        monitor.lock();
        try {
            return running;
        } finally {
            monitor.unlock();
        }
    }

    /** Cuts clients that keep others from memory by standing still; see {@link Limits#STALL_NS_MAX}. */
    void cutStalled() {
        clientsOf(export -> true).forEach(Connection::cutIfStalled);
    }

    /** Clients now. */
    int clientCount() {
        monitor.lock();
        try {
            return clients.size();
        } finally {
            monitor.unlock();
        }
    }

    /** Clients of one export now. */
    int clientCount(Export export) {
        return clientsOf(export::equals).size();
    }

    /** Cuts handshakes that take too long, until closed. The body of a task of its own. */
    void watchHandshakes() {
        Connection late = nextLate();
        while (late != null) {
            late.cutHandshake("the handshake took longer than " + Limits.HANDSHAKE_NS_MAX / 1_000_000_000 + " s");
            late = nextLate();
        }
    }

    /**
     * Ends the clients of one export; no more are admitted to it.
     *
     * @param drainNs how long requests in flight may take; then connections are cut
     * @return whether all have ended; if not, the disk still holds requests of theirs
     */
    boolean endClients(Export export, long drainNs) {
        monitor.lock();
        closedExports.add(export);
        monitor.unlock();
        boolean ended = end(export::equals, drainNs);
        monitor.lock();
        closedExports.remove(export);
        monitor.unlock();
        return ended;
    }

    /** As {@link #endClients}, for all; no connection is taken in any more. */
    boolean endAll(long drainNs) {
        List<Connection> negotiating;
        monitor.lock();
        try {
            closed = true;
            firstHandshake.raise();
            changed.raise();
            negotiating = new ArrayList<>(handshakes.keySet());
        } finally {
            monitor.unlock();
        }
        negotiating.forEach(Connection::cut);
        return end(export -> true, drainNs);
    }

    private boolean end(Predicate<Export> which, long drainNs) {
        clientsOf(which).forEach(Connection::finish);
        if (awaitNone(which, drainNs)) {
            return true;
        }
        clientsOf(which).forEach(Connection::cut);
        return awaitNone(which, Limits.CUT_NS_MAX);
    }

    private boolean awaitNone(Predicate<Export> which, long timeoutNs) {
        long end = tasks.nanoTime() + timeoutNs;
        monitor.lock();
        try {
            while (clients.values().stream().anyMatch(which) || (closed && !handshakes.isEmpty())) {
                long left = end - tasks.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.await(left);
            }
            return true;
        } finally {
            monitor.unlock();
        }
    }

    private List<Connection> clientsOf(Predicate<Export> which) {
        List<Connection> found = new ArrayList<>();
        monitor.lock();
        try {
            clients.forEach((connection, export) -> {
                if (which.test(export)) {
                    found.add(connection);
                }
            });
        } finally {
            monitor.unlock();
        }
        return found;
    }

    /** Waits for a handshake that is late, and takes it out of the group; null when closed. */
    private @Nullable Connection nextLate() {
        monitor.lock();
        try {
            while (!closed) {
                if (handshakes.isEmpty()) {
                    watcherSleeps = true;
                    firstHandshake.await();
                    watcherSleeps = false;
                    continue;
                }
                Map.Entry<Connection, Long> oldest =
                        handshakes.entrySet().iterator().next();
                long left = oldest.getValue() + Limits.HANDSHAKE_NS_MAX - tasks.nanoTime();
                if (left <= 0) {
                    handshakes.remove(oldest.getKey());
                    return oldest.getKey();
                }
                firstHandshake.await(left);
            }
            return null;
        } finally {
            monitor.unlock();
        }
    }
}
