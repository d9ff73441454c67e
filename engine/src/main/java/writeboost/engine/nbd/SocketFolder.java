package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * The folder in which sockets lie. Only its owner may enter it: that is what keeps others from the moment in which a new
 * socket file has the permissions of the umask, and from planting links in it.
 */
final class SocketFolder {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private SocketFolder() {}

    /**
     * Creates the folder with mode 0700 if it is missing (its parent must exist), and checks it if it is there.
     *
     * @throws EngineException if it is a symbolic link, no folder, another user's, or open to others
     */
    static void prepare(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            // Checked below, like one that we made: between the two calls nothing is certain.
        } catch (NoSuchFileException e) {
            throw new EngineException(
                    ErrorCode.NOT_FOUND,
                    "The folder for sockets " + folder + " can't be made: create " + folder.getParent() + " first.",
                    e);
        }
        check(folder, Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    private static void check(Path folder, PosixFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            throw refused(folder, "is a symbolic link. Name the folder itself, or choose another one.");
        }
        if (!attributes.isDirectory()) {
            throw refused(folder, "is no folder. Choose another one.");
        }
        if (!attributes.owner().equals(PeerCheck.self())) {
            throw refused(folder, "belongs to " + attributes.owner().getName() + ". Choose a folder of your own.");
        }
        EnumSet<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(attributes.permissions());
        others.removeAll(OWNER_ONLY);
        if (!others.isEmpty()) {
            throw refused(
                    folder,
                    "is open to other users (" + PosixFilePermissions.toString(attributes.permissions())
                            + "). Close it with chmod 700, or choose another one.");
        }
    }

    private static EngineException refused(Path folder, String why) {
        return new EngineException(ErrorCode.USAGE, "The folder for sockets " + folder + " " + why);
    }
}
