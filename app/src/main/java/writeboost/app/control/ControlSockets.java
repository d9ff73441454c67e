package writeboost.app.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder of the sockets, as far as control needs it. */
public final class ControlSockets {
    private final Path folder;

    /** Uses a folder, which must exist. */
    ControlSockets(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    ServerSocketChannel listen(String name) throws IOException {
        Path path = path(name);
        Files.deleteIfExists(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        return channel;
    }

    void remove(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    boolean mayTalk(SocketChannel peer) throws IOException {
        return peer.isOpen();
    }

    Optional<SocketChannel> connect(String name) {
        try {
            return Optional.of(SocketChannel.open(UnixDomainSocketAddress.of(path(name))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean isAlive(String name) {
        Optional<SocketChannel> channel = connect(name);
        try {
            if (channel.isPresent()) {
                channel.get().close();
            }
        } catch (IOException e) {
            return true;
        }
        return channel.isPresent();
    }

    private Path path(String name) {
        return folder.resolve(name + ".ctl");
    }
}
