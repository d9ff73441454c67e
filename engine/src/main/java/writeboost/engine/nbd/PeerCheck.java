package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** Decides whether the process at the other end of a connection may speak to us at all. */
@FunctionalInterface
public interface PeerCheck {
    /** For sockets that carry no identity: loopback TCP, which the user asked for knowing that. */
    PeerCheck NONE = channel -> {};

    /**
     * Checks the peer.
     *
     * @throws IOException if it is refused
     */
    void check(SocketChannel channel) throws IOException;

    /** Admits processes of the user whom this process runs as, and of root. */
    static PeerCheck sameUserOrRoot() throws IOException {
        UserPrincipal self = self();
        UserPrincipal root =
                Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0");
        return channel -> {
            UserPrincipal peer =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (!admits(peer, self, root)) {
                throw new NbdException(
                        "user " + peer.getName() + " tried to connect; only " + self.getName() + " and root may");
            }
        };
    }

    static boolean admits(UserPrincipal peer, UserPrincipal self, UserPrincipal root) {
        return peer.equals(self) || peer.equals(root);
    }

    /** The user whom this process runs as. */
    static UserPrincipal self() throws IOException {
        return Files.getOwner(Path.of("/proc/self"));
    }
}
