package writeboost.app.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import writeboost.app.config.Environment;
import writeboost.engine.nbd.PeerCheck;
import writeboost.engine.nbd.SocketFile;

/**
 * The folder of the user's sockets: NAME.sock for NBD, NAME.ctl for control. It is for its owner only, and each side
 * makes sure that the other is the same user or root: the folder may lie in a temp folder where others were first.
 */
public final class ControlSockets {
    private final Path folder;

    /** Uses a folder, which is made with the first socket. */
    ControlSockets(Path folder) {
        this.folder = folder;
    }

    /** The folder of this user. */
    public static ControlSockets ofThisUser(Environment environment) {
        Path folder = environment
                .runtimeFolder()
                .orElseGet(() -> environment.tempFolder().resolve("writeboost-" + environment.userName()));
        return new ControlSockets(folder);
    }

    /** Makes the folder that the folder of the sockets lies in, if it is missing. */
    void prepare() throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Where a pair is served over NBD unless the user says otherwise. */
    Path nbdSocket(String name) {
        return folder.resolve(name + ".sock");
    }

    /** The control socket of a pair. */
    Path controlSocket(String name) {
        return folder.resolve(name + ".ctl");
    }

    /** The socket of the window, which no pair can have: its name begins with a dot. */
    Path windowSocket() {
        return folder.resolve(".window");
    }

    /**
     * Listens on the control socket of a pair.
     *
     * @throws writeboost.engine.error.EngineException IN_USE if another process does
     */
    SocketFile listen(String name) throws IOException {
        prepare();
        return SocketFile.listen(controlSocket(name));
    }

    /** Connects to the control socket of a pair; empty if nobody of ours listens there. */
    Optional<SocketChannel> connect(String name) {
        return connect(controlSocket(name));
    }

    /** Whether somebody of ours listens there; they see that somebody came. */
    boolean knock(Path socket) {
        Optional<SocketChannel> channel = connect(socket);
        channel.ifPresent(Failures::closeQuietly);
        return channel.isPresent();
    }

    private static Optional<SocketChannel> connect(Path socket) {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(socket)) {
            return Optional.empty();
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return Optional.empty(); // a process that died has left it
        }
        try {
            PeerCheck.sameUserOrRoot().check(channel);
            return Optional.of(channel);
        } catch (IOException e) {
            Failures.closeQuietly(channel);
            return Optional.empty();
        }
    }

    /** Whether a process listens on the control socket of a pair. */
    boolean isAlive(String name) {
        return knock(controlSocket(name));
    }
}
