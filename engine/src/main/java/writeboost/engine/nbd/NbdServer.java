package writeboost.engine.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import writeboost.engine.disk.Disk;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Serves disks over NBD: on unix sockets to processes of the same user and of root, and on loopback TCP, where asked
 * for, to whoever can reach it. Exports come and go while it runs. Any thread may call any method.
 *
 * <p>Threads: one that accepts for each listening socket, one that watches handshakes, and for each connection one that
 * receives and, once it is needed, one that sends. None of them is ever interrupted. A client that is slow, stuck or
 * hostile costs its own connection only.
 */
public final class NbdServer implements Closeable {
    private final Tasks tasks;
    private final NbdListener listener;
    private final ServerContext context;
    private final Connections connections;
    private final ServerCounters counters = new ServerCounters();
    private final Monitor monitor;
    private volatile Exports exports = Exports.NONE;
    // Guarded by monitor:
    private final List<ServerSocketChannel> listening = new ArrayList<>();
    private final List<SocketFile> socketFiles = new ArrayList<>();
    private boolean watching;
    private boolean stopped;
    private long connectionCount;

    /**
     * Makes a server that listens nowhere yet, with room for 256 MiB of payload.
     *
     * @param listener told of connections that fail; called on any thread; must be quick and not throw
     */
    public NbdServer(Tasks tasks, NbdListener listener) {
        this(tasks, listener, Limits.SERVER_BYTES_MAX);
    }

    /** As {@link #NbdServer(Tasks, NbdListener)}, with the memory for long requests from a source. */
    public NbdServer(Tasks tasks, NbdListener listener, BufferSource source) {
        this(tasks, listener, Limits.SERVER_BYTES_MAX, new BufferPool(tasks, source));
    }

    /**
     * Makes a server that listens nowhere yet.
     *
     * @param listener told of connections that fail; called on any thread; must be quick and not throw
     * @param payloadBytesMax what requests of all connections may hold at a time, beyond 1 MiB that each may always
     *     hold; at least 32 MiB, the largest request. It is direct memory, of which the virtual machine must have
     *     more than that: up to 192 MiB are kept for reuse besides, and each connection has buffers of its own
     */
    public NbdServer(Tasks tasks, NbdListener listener, long payloadBytesMax) {
        this(tasks, listener, payloadBytesMax, new BufferPool(tasks));
    }

    private NbdServer(Tasks tasks, NbdListener listener, long payloadBytesMax, BufferPool pool) {
        if (payloadBytesMax < Limits.PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "payloadBytesMax is " + payloadBytesMax + "; the least is " + Limits.PAYLOAD_BYTES_MAX);
        }
        this.tasks = tasks;
        this.listener = listener;
        monitor = tasks.newMonitor("nbd server");
        connections = new Connections(tasks);
        context = new ServerContext(
                tasks,
                listener,
                pool,
                new ByteBudget(tasks, payloadBytesMax, connections::cutStalled),
                counters,
                connections,
                () -> exports);
    }

    /**
     * Serves a disk from now on. With one export only, clients need not name it.
     *
     * @param name 1..4096 bytes of UTF-8
     * @throws EngineException if the name is bad or taken, or there are too many exports
     */
    public void addExport(String name, Disk disk) throws EngineException {
        monitor.lock();
        try {
            exports = exports.with(name, disk);
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Serves a disk no more: its clients get the replies that they wait for, then their connections end.
     *
     * @param drainNs how long requests in flight may take, in nanoseconds; then the connections are cut
     * @return whether all connections have ended, so that nobody uses the disk any more; also true if there is no such
     *     export
     */
    public boolean removeExport(String name, long drainNs) {
        Export export;
        monitor.lock();
        try {
            export = name.isEmpty() ? null : exports.find(name);
            if (export == null) {
                return true;
            }
            exports = exports.without(export);
        } finally {
            monitor.unlock();
        }
        return connections.endClients(export, drainNs);
    }

    /** How many clients an export has now; 0 if there is no such export. */
    public int clients(String name) {
        Export export = exports.find(name);
        return export == null ? 0 : connections.clientCount(export);
    }

    /** The names of the exports, in the order in which they were added. */
    public List<String> exportNames() {
        return exports.all().stream().map(Export::name).toList();
    }

    /**
     * Listens on a unix socket of mode 0600. Its folder is made if missing, and must be of mode 0700 and ours. A socket
     * file without a server behind it is replaced.
     *
     * @throws EngineException if the folder is not safe, somebody listens there, or something else lies there
     */
    public void listenUnix(Path socket) throws IOException {
        listenUnix(socket, PeerCheck.sameUserOrRoot());
    }

    /** As the public one, for other peers. */
    void listenUnix(Path socket, PeerCheck peerCheck) throws IOException {
        SocketFile file = SocketFile.listen(socket);
        try {
            listen(file.channel(), "wb-nbd-accept-unix", peerCheck);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        monitor.lock();
        socketFiles.add(file);
        monitor.unlock();
    }

    /**
     * Listens on TCP. Nothing tells who the peer is: every user of this machine can connect.
     *
     * @param address a loopback address; port 0 lets the system choose
     * @return the address with the port in use
     * @throws EngineException if the address is not a loopback address
     */
    public InetSocketAddress listenTcp(InetSocketAddress address) throws IOException {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new EngineException(
                    ErrorCode.USAGE,
                    "NBD has no encryption here and is served on loopback addresses only, not on "
                            + address.getHostString() + ". Use 127.0.0.1, or forward the port by ssh.");
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, Limits.BACKLOG);
            listen(channel, "wb-nbd-accept-tcp", PeerCheck.NONE);
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What has been served so far. */
    public NbdStatistics statistics() {
        return counters.snapshot(connections.clientCount());
    }

    /** Memory that connections hold; 0 when there are none. */
    long bytesHeld() {
        return context.pool().outBytes() + context.budget().usedBytes();
    }

    /** Connections whose thread has not ended, in the handshake or past it. */
    int connections() {
        return connections.runningCount();
    }

    /** The URI by which clients reach an export through a unix socket. */
    public static String uri(Path socket, String export) {
        try {
            String path = new URI(null, null, "/" + export, null).getRawPath();
            String query = new URI(null, null, null, "socket=" + socket.toAbsolutePath(), null).getRawQuery();
            return "nbd+unix://" + path + "?" + query.replace("&", "%26").replace("+", "%2B");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a path is always a URI's path", e);
        }
    }

    /**
     * Stops listening, answers the requests in flight, and ends all connections. May be called again.
     *
     * @param drainNs how long requests in flight may take, in nanoseconds; then the connections are cut
     * @return whether all connections have ended, so that nobody uses the disks any more
     */
    public boolean stop(long drainNs) {
        List<ServerSocketChannel> channels;
        List<SocketFile> files;
        monitor.lock();
        try {
            stopped = true;
            channels = List.copyOf(listening);
            files = List.copyOf(socketFiles);
            listening.clear();
            socketFiles.clear();
        } finally {
            monitor.unlock();
        }
        for (SocketFile file : files) {
            quietly(file::close);
        }
        for (ServerSocketChannel channel : channels) {
            quietly(channel::close);
        }
        return connections.endAll(drainNs);
    }

    /** Stops, giving requests in flight ten seconds. */
    @Override
    public void close() {
        stop(Limits.DRAIN_NS_DEFAULT);
    }

    private void listen(ServerSocketChannel channel, String threadName, PeerCheck peerCheck) throws IOException {
        monitor.lock();
        try {
            if (stopped) {
                throw new EngineException(ErrorCode.STATE, "The NBD server was stopped: make a new one.");
            }
            if (!watching) {
                tasks.start("wb-nbd-handshakes", connections::watchHandshakes);
                watching = true;
            }
            tasks.start(threadName, () -> acceptUntilClosed(channel, peerCheck));
            listening.add(channel);
        } finally {
            monitor.unlock();
        }
    }

    private void acceptUntilClosed(ServerSocketChannel channel, PeerCheck peerCheck) {
        while (channel.isOpen()) {
            try {
                take(channel.accept(), peerCheck);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | OutOfMemoryError e) {
                // No descriptor, thread or memory left: it may come back, and clients that we have go on.
                listener.connectionFailed("wb-nbd", "a new connection could not be taken: " + e.getMessage(), e);
                tasks.sleep(Limits.ACCEPT_RETRY_NS);
            }
        }
    }

    private void take(SocketChannel channel, PeerCheck peerCheck) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        monitor.lock();
        long number = ++connectionCount;
        monitor.unlock();
        Connection connection = new Connection(context, channel, peerCheck, "wb-nbd-" + number);
        if (!connections.add(connection)) {
            channel.close();
            return;
        }
        try {
            tasks.start(connection.name(), connection);
        } catch (OutOfMemoryError e) {
            connections.remove(connection);
            connection.cut();
            throw e;
        }
    }

    private void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            listener.connectionFailed("wb-nbd", "closing a listening socket failed: " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Closing {
        void close() throws IOException;
    }
}
