package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.engine.nbd.PeerCheck;
import writeboost.engine.nbd.SocketFile;

/** Listens on the control socket of a pair, and lets its clients ask for everything that the service can do. */
final class ControlServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    /** How long a connection may take to answer what runs when the socket closes. */
    private static final long CLOSE_TIMEOUT_MS = 3_000;

    private final String name;
    private final SocketFile socket;
    private final PeerCheck peerCheck;
    private final ControlCommands commands;
    private final Set<ControlConnection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "wb-control-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    private ControlServer(String name, SocketFile socket, PeerCheck peerCheck, CacheService service) {
        this.name = name;
        this.socket = socket;
        this.peerCheck = peerCheck;
        this.commands = new ControlCommands(service);
    }

    /**
     * Starts to listen.
     *
     * @throws writeboost.engine.error.EngineException IN_USE if another process listens there
     */
    static ControlServer open(ControlSockets sockets, String name, CacheService service) throws IOException {
        PeerCheck peerCheck = PeerCheck.sameUserOrRoot();
        ControlServer server = new ControlServer(name, sockets.listen(name), peerCheck, service);
        server.threads.execute(server::accept);
        return server;
    }

    /**
     * Ends listening and removes the socket, at once; connections end on their own, in the background, once what runs on
     * them has been answered.
     */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.warn("the control socket of {} was not removed: {}", name, Failures.sentence(e));
        }
    }

    /** Whether nobody is connected. */
    boolean isIdle() {
        return connections.isEmpty();
    }

    /** Waits, for a bounded time, until what runs on the connections has been answered, and ends them. */
    void drain() {
        for (ControlConnection connection : connections) {
            connection.close(CLOSE_TIMEOUT_MS);
        }
        threads.shutdown();
    }

    private void accept() {
        while (socket.channel().isOpen()) {
            try {
                greet(socket.channel().accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket of {} took no connection: {}", name, Failures.sentence(e));
            }
        }
    }

    private void greet(SocketChannel channel) throws IOException {
        try {
            peerCheck.check(channel);
        } catch (IOException e) {
            LOG.warn("the control socket of {} turned a connection away: {}", name, Failures.sentence(e));
            channel.close();
            return;
        }
        if (connections.size() >= ControlProtocol.MAX_CONNECTIONS) {
            LOG.warn("the control socket of {} has {} connections; one more was turned away", name, connections.size());
            channel.close();
            return;
        }
        ControlConnection connection = new ControlConnection(channel, commands, threads);
        connections.add(connection);
        try {
            threads.execute(() -> serve(connection));
        } catch (RejectedExecutionException e) {
            connections.remove(connection);
            channel.close(); // it came in while the socket was closing
        }
    }

    private void serve(ControlConnection connection) {
        try {
            connection.run();
        } finally {
            connections.remove(connection);
        }
    }
}
