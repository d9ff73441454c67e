package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * Makes a file to be used as a device: full of zeros, readable by its owner only, and with all its room reserved, so that
 * no later write fails for want of space. If that fails, nothing is left behind.
 */
final class FileMaker {
    private static final int ZEROS_BYTES = 1 << 20;

    private FileMaker() {}

    /** Reserves the room of a new, empty, open file. */
    @FunctionalInterface
    interface Allocator {
        /** Leaves the file with that size. */
        void allocate(Path path, FileChannel channel, long sizeBytes) throws IOException;
    }

    /**
     * Makes the file.
     *
     * @throws EngineException NO_SPACE, NOT_FOUND (no such folder), READ_ONLY, IO
     */
    static void make(Path path, long sizeBytes) throws IOException {
        make(path, sizeBytes, FileMaker::allocate);
    }

    static void make(Path path, long sizeBytes, Allocator allocator) throws IOException {
        checkRoom(path, sizeBytes);
        FileChannel channel = create(path);
        boolean made = false;
        try (channel) {
            allocator.allocate(path, channel, sizeBytes);
            channel.force(true);
            syncFolder(path);
            made = true;
        } catch (IOException e) {
            throw failed(path, sizeBytes, e);
        } finally {
            if (!made) {
                removeQuietly(path);
            }
        }
    }

    /** A file that cannot fit is not begun: filling the file system for a while would hurt others. */
    private static void checkRoom(Path path, long sizeBytes) throws IOException {
        Path folder = folderOf(path);
        if (!Files.isDirectory(folder)) {
            throw new EngineException(
                    ErrorCode.NOT_FOUND,
                    "cannot make " + path + ": there is no folder " + folder + "; make it first, or give another path");
        }
        long freeBytes = freeBytes(folder);
        if (freeBytes < sizeBytes) {
            throw Refusals.noSpace(path, sizeBytes, freeBytes, null);
        }
    }

    /** Asks the file system itself: a FileStore has to find it among the mounts, and in a chroot may not. */
    private static long freeBytes(Path folder) {
        return folder.toFile().getFreeSpace();
    }

    private static FileChannel create(Path path) throws IOException {
        try {
            return FileChannel.open(
                    path,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw Refusals.inUse(path, "it appeared just now; somebody else is making it");
        } catch (NoSuchFileException e) {
            throw Refusals.notFound(path); // the folder has gone
        } catch (FileSystemException e) {
            throw new EngineException(
                    ErrorCode.READ_ONLY,
                    "cannot make " + path + ": " + (e.getReason() == null ? e : e.getReason())
                            + "; give a place where this user may write",
                    e);
        }
    }

    private static void allocate(Path path, FileChannel channel, long sizeBytes) throws IOException {
        LibC libc = LibC.load();
        if (libc == null || !reserve(libc, path, sizeBytes)) {
            writeZeros(channel, sizeBytes);
        }
    }

    /** Reserves the room at once; false if the file system cannot do that. */
    private static boolean reserve(LibC libc, Path path, long sizeBytes) throws IOException {
        int fd = libc.open(path.toString(), LibC.O_RDWR, 0);
        int result = fd;
        if (fd >= 0) {
            do {
                result = libc.fallocate(fd, 0, 0, sizeBytes);
            } while (result == -Errno.EINTR);
            libc.close(fd);
        }
        if (result < 0 && !Errno.isUnsupported(-result)) {
            throw new DeviceException(Errno.kind(-result), "cannot reserve room: " + libc.message(-result), null);
        }
        return result >= 0;
    }

    private static void writeZeros(FileChannel channel, long sizeBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
        long done = 0;
        while (done < sizeBytes) {
            zeros.clear().limit((int) Math.min(ZEROS_BYTES, sizeBytes - done));
            done += channel.write(zeros, done);
        }
    }

    /** Else the file's name could be lost in a power cut. */
    private static void syncFolder(Path path) throws IOException {
        try (FileChannel folder = FileChannel.open(folderOf(path), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static EngineException failed(Path path, long sizeBytes, IOException cause) throws IOException {
        String why = String.valueOf(cause.getMessage());
        boolean full = cause instanceof DeviceException device
                ? device.kind() == DeviceException.Kind.NO_SPACE
                : why.toLowerCase(Locale.ROOT).contains("no space left");
        if (full) {
            long freeBytes = freeBytes(folderOf(path));
            return Refusals.noSpace(path, sizeBytes, freeBytes, cause);
        }
        return new EngineException(ErrorCode.IO, "cannot make " + path + ": " + why, cause);
    }

    private static Path folderOf(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        return folder == null ? path.toAbsolutePath() : folder;
    }

    /** Removes a file that we made and that is of no use. */
    static void removeQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            return; // the failure that led here is what the user has to know
        }
    }
}
