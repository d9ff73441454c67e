package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

@Timeout(60)
class SocketFileTest {
    @TempDir
    Path parent;

    private Path folder;
    private Path path;

    @BeforeEach
    void namePath() {
        folder = parent.resolve("run");
        path = folder.resolve("s.sock");
    }

    @Test
    void theFileIsForItsOwnerOnlyAndGoesWithTheSocket() throws Exception {
        SocketFile file = SocketFile.listen(path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        file.close();
        assertThat(path).doesNotExist();
        file.close();
    }

    @Test
    void aDeadSocketIsReplaced() throws Exception {
        SocketFolder.prepare(folder);
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        SocketFile file = SocketFile.listen(path);
        SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        file.close();
    }

    @Test
    void aLiveSocketIsRefusedAndLeftAlone() throws Exception {
        SocketFile live = SocketFile.listen(path);
        assertThatThrownBy(() -> SocketFile.listen(path))
                .hasMessageContaining("Another server listens at " + path)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.IN_USE);
        SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        live.close();
    }

    @Test
    void aLiveSocketWithAFullBacklogIsRefusedToo() throws Exception {
        SocketFolder.prepare(folder);
        List<SocketChannel> clients = new ArrayList<>();
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(path), 1);
            for (int i = 0; i < 2; i++) {
                clients.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            assertThatThrownBy(() -> SocketFile.listen(path)).hasMessageContaining("Another server listens");
            assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whateverElseLiesThereIsRefusedAndKept() throws Exception {
        SocketFolder.prepare(folder);
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> SocketFile.listen(path)).hasMessageContaining("is no socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void aPlantedLinkIsNotFollowed() throws Exception {
        SocketFolder.prepare(folder);
        Path victim = Files.writeString(parent.resolve("victim"), "precious");
        Files.createSymbolicLink(path, victim);
        assertThatThrownBy(() -> SocketFile.listen(path)).hasMessageContaining("is no socket");
        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(path)).isTrue();
    }

    @Test
    void aPlantedLinkInPlaceOfTheLockIsNotFollowed() throws Exception {
        SocketFolder.prepare(folder);
        Path victim = parent.resolve("victim");
        Files.createSymbolicLink(folder.resolve(".s.sock.lock"), victim);
        assertThatThrownBy(() -> SocketFile.listen(path)).isInstanceOf(java.io.IOException.class);
        assertThat(victim).doesNotExist();
    }

    @Test
    void aPathTooLongForASocketIsSaidToBeSo() {
        Path longPath = parent.resolve("n".repeat(120));
        assertThatThrownBy(() -> SocketFile.listen(longPath)).hasMessageContaining("107 are the most");
    }

    @Test
    void closingLeavesTheSocketOfASuccessorAlone() throws Exception {
        SocketFile first = SocketFile.listen(path);
        Files.move(path, path.resolveSibling("moved"));
        SocketFile second = SocketFile.listen(path);
        first.close();
        SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        second.close();
    }

    @Test
    void ofManyThatStartAtOnceOneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<SocketFile>> starts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                starts.add(() -> SocketFile.listen(path));
            }
            List<SocketFile> winners = new ArrayList<>();
            for (Future<SocketFile> start : threads.invokeAll(starts)) {
                try {
                    winners.add(start.get());
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e.getCause()).hasMessageContaining("Another server listens");
                }
            }
            assertThat(winners).hasSize(1);
            winners.get(0).close();
        } finally {
            threads.shutdown();
        }
    }
}
