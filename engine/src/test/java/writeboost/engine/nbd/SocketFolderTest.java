package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFolderTest {
    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void nameFolder() {
        folder = parent.resolve("run");
    }

    @Test
    void aMissingFolderIsMadeForItsOwnerOnly() throws Exception {
        SocketFolder.prepare(folder);
        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    @Test
    void aFolderOfOursIsUsedAgain() throws Exception {
        SocketFolder.prepare(folder);
        Files.createFile(folder.resolve("kept"));
        SocketFolder.prepare(folder);
        assertThat(folder.resolve("kept")).exists();
    }

    @Test
    void aFolderOpenToOthersIsRefusedAndLeftAsItIs() throws Exception {
        for (String mode : new String[] {"rwxr-x---", "rwx---r--", "rwxrwxrwx", "rwx-----x", "rwx-w----"}) {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> SocketFolder.prepare(folder))
                    .hasMessageContaining("open to other users (" + mode + ")")
                    .hasMessageContaining("chmod 700");
            assertThat(mode(folder)).isEqualTo(mode);
            Files.delete(folder);
        }
    }

    @Test
    void aSymbolicLinkIsRefusedWhereverItLeads() throws Exception {
        Path target = Files.createDirectory(parent.resolve("target"), ownerOnly());
        Files.createSymbolicLink(folder, target);
        assertThatThrownBy(() -> SocketFolder.prepare(folder)).hasMessageContaining("symbolic link");
        Files.delete(target);
        assertThatThrownBy(() -> SocketFolder.prepare(folder)).hasMessageContaining("symbolic link");
        assertThat(target).doesNotExist();
    }

    @Test
    void aFileIsRefused() throws Exception {
        Files.createFile(folder);
        assertThatThrownBy(() -> SocketFolder.prepare(folder)).hasMessageContaining("is no folder");
    }

    @Test
    void aMissingParentIsNamed() {
        assertThatThrownBy(() -> SocketFolder.prepare(folder.resolve("deeper")))
                .hasMessageContaining("create " + folder + " first");
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws Exception {
        Files.createDirectory(folder, ownerOnly());
        assumeThat(giveAway(folder))
                .as("only root can give a folder to another user")
                .isTrue();
        assertThatThrownBy(() -> SocketFolder.prepare(folder)).hasMessageContaining("belongs to");
    }

    private static boolean giveAway(Path path) throws IOException {
        UserPrincipal other =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("65534");
        try {
            Files.setOwner(path, other);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static java.nio.file.attribute.FileAttribute<?> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
