package writeboost.engine.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * A listening unix socket and its file, mode 0600 in a {@link SocketFolder}. A file that a dead server left is replaced;
 * one on which somebody listens is not. A lock file beside it makes sure that of two servers that start at once only one
 * decides; it stays, since removing it would let a third one in.
 */
public final class SocketFile implements Closeable {
    /** What the kernel's address structure holds, without the final NUL. */
    private static final int PATH_BYTES_MAX = 107;

    private final ServerSocketChannel channel;
    private final Path path;
    private final @Nullable Object identity;

    private SocketFile(ServerSocketChannel channel, Path path, @Nullable Object identity) {
        this.channel = channel;
        this.path = path;
        this.identity = identity;
    }

    /**
     * Listens at a path.
     *
     * @throws EngineException if the folder is not safe, the path too long, or something else is there
     */
    public static SocketFile listen(Path socket) throws IOException {
        Path path = socket.toAbsolutePath();
        Path folder = path.getParent();
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (folder == null || bytes > PATH_BYTES_MAX) {
            throw new EngineException(
                    ErrorCode.USAGE,
                    "The socket path " + path + " has " + bytes + " bytes; " + PATH_BYTES_MAX
                            + " are the most. Choose a shorter one.");
        }
        SocketFolder.prepare(folder);
        try (FileChannel lockFile = openLock(path);
                FileLock lock = lock(lockFile, path)) {
            removeDead(path);
            return bind(path);
        }
    }

    /** The listening socket; closed by {@link #close} only. */
    public ServerSocketChannel channel() {
        return channel;
    }

    /** Stops listening, and removes the file unless another server has put its own there. */
    @Override
    public void close() throws IOException {
        channel.close();
        try (FileChannel lockFile = openLock(path);
                FileLock lock = lock(lockFile, path)) {
            if (identity != null && identity.equals(attributes(path).fileKey())) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody has tidied up already.
        }
    }

    private static SocketFile bind(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), Limits.BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return new SocketFile(channel, path, attributes(path).fileKey());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void removeDead(Path path) throws IOException {
        BasicFileAttributes there;
        try {
            there = attributes(path);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!there.isOther()) {
            throw new EngineException(
                    ErrorCode.USAGE, path + " is there already and is no socket. Choose another path, or remove it.");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // A live server with a full backlog would keep us waiting.
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            Files.delete(path);
            return;
        } catch (IOException e) {
            throw inUse(path, e);
        }
        throw inUse(path, null);
    }

    private static EngineException inUse(Path path, @Nullable IOException cause) {
        String message = "Another server listens at " + path + ". Stop it, or choose another path.";
        return cause == null
                ? new EngineException(ErrorCode.IN_USE, message)
                : new EngineException(ErrorCode.IN_USE, message, cause);
    }

    private static FileChannel openLock(Path path) throws IOException {
        return FileChannel.open(
                path.resolveSibling("." + path.getFileName() + ".lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static FileLock lock(FileChannel lockFile, Path path) throws IOException {
        try {
            return lockFile.lock();
        } catch (OverlappingFileLockException e) {
            throw inUse(path, new IOException("this very process is about to listen there", e));
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
