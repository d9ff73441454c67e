package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCheckTest {
    @TempDir
    Path folder;

    @Test
    void theSameUserAndRootAreAdmittedAndNobodyElse() throws Exception {
        UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
        UserPrincipal root = users.lookupPrincipalByName("0");
        UserPrincipal self = users.lookupPrincipalByName("4711");
        assertThat(PeerCheck.admits(users.lookupPrincipalByName("4711"), self, root))
                .isTrue();
        assertThat(PeerCheck.admits(users.lookupPrincipalByName("0"), self, root))
                .isTrue();
        assertThat(PeerCheck.admits(users.lookupPrincipalByName("4712"), self, root))
                .isFalse();
    }

    @Test
    void rootIsTheSameByNumberAndByName() throws Exception {
        UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
        assertThat(users.lookupPrincipalByName("0")).isEqualTo(users.lookupPrincipalByName("root"));
    }

    @Test
    void weAreTheOwnerOfTheFilesWeMake() throws Exception {
        assertThat(PeerCheck.self()).isEqualTo(Files.getOwner(Files.createFile(folder.resolve("f"))));
    }

    @Test
    void aConnectionOfOurOwnPasses() throws Exception {
        Path path = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    SocketChannel accepted = server.accept()) {
                assertThat(client.isConnected()).isTrue();
                PeerCheck.sameUserOrRoot().check(accepted);
            }
        }
    }
}
