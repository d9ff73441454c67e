package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.Environment;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.nbd.PeerCheck;
import writeboost.engine.nbd.SocketFile;

/** Through this a program that is started a second time has the window of the first shown: whoever connects, asks for it. */
public final class WindowSocket implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WindowSocket.class);

    private final SocketFile socket;

    private WindowSocket(SocketFile socket) {
        this.socket = socket;
    }

    /**
     * Listens, unless another process has a window: then asks that one to show it.
     *
     * @param onShow called on a thread of its own when somebody asks
     * @return empty if another process has been asked
     */
    public static Optional<WindowSocket> openOrRaise(Environment environment, Runnable onShow) throws IOException {
        ControlSockets sockets = ControlSockets.ofThisUser(environment);
        PeerCheck peerCheck = PeerCheck.sameUserOrRoot();
        SocketFile socket;
        try {
            socket = SocketFile.listen(sockets.windowSocket());
        } catch (EngineException e) {
            if (e.code() == ErrorCode.IN_USE && sockets.knock(sockets.windowSocket())) {
                return Optional.empty();
            }
            throw e;
        }
        Thread thread = new Thread(() -> listen(socket, peerCheck, onShow), "wb-window-socket");
        thread.setDaemon(true);
        thread.start();
        return Optional.of(new WindowSocket(socket));
    }

    private static void listen(SocketFile socket, PeerCheck peerCheck, Runnable onShow) {
        while (socket.channel().isOpen()) {
            try (SocketChannel peer = socket.channel().accept()) {
                peerCheck.check(peer);
                onShow.run();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the socket of the window: {}", Failures.sentence(e));
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
