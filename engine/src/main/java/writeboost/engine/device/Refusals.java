package writeboost.engine.device;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** The sentences in which opening a device fails: what, where, what to do. */
final class Refusals {
    private Refusals() {}

    static EngineException notFound(Path path) {
        return new EngineException(
                ErrorCode.NOT_FOUND,
                "cannot open " + path + ": there is no such file or disk; check the path, and that the disk is"
                        + " plugged in");
    }

    static EngineException notADevice(FileTarget target) {
        String what = target.isDirectory() ? "a folder" : "neither a file nor a disk";
        return new EngineException(
                ErrorCode.USAGE, "cannot use " + target.name() + ": it is " + what + "; give a file or a block device");
    }

    static EngineException notAllowed(Path path) {
        return new EngineException(
                ErrorCode.NOT_FOUND,
                "cannot open " + path + ": this user may not; change its permissions, or join the group that owns it"
                        + " (often 'disk')");
    }

    static EngineException readOnly(Path path, String why) {
        return new EngineException(
                ErrorCode.READ_ONLY, "cannot write to " + path + ": " + why + "; nothing was changed");
    }

    static EngineException inUse(Path path, @Nullable String holder) {
        String how = holder == null
                ? "another Writeboost, or another program, has it open for itself; stop that first"
                : holder;
        return new EngineException(ErrorCode.IN_USE, "cannot open " + path + ": it is in use: " + how);
    }

    static EngineException tooSmall(Path path, long sizeBytes) {
        return new EngineException(
                ErrorCode.SIZE,
                "cannot use " + path + ": it has " + sizeBytes + " bytes, not one whole sector; give a larger one");
    }

    static EngineException otherSize(Path path, long sizeBytes, long wantedBytes) {
        return new EngineException(
                ErrorCode.SIZE,
                "cannot make " + path + " with " + Sizes.format(wantedBytes) + ": it exists and has "
                        + Sizes.format(sizeBytes) + " (" + sizeBytes + " bytes); leave out the size to use it as it"
                        + " is, or give another path");
    }

    static EngineException same(String first, String second) {
        return new EngineException(
                ErrorCode.USAGE,
                "cannot use " + first + " and " + second + " together: they are the same "
                        + (first.equals(second) ? "path" : "file or disk under two names")
                        + "; the cache must lie on another device than the disk behind it");
    }

    static EngineException noSpace(Path path, long wantedBytes, long freeBytes, @Nullable IOException cause) {
        String message = "cannot make " + path + " with " + Sizes.format(wantedBytes) + ": " + Sizes.format(freeBytes)
                + " are free there; free some space, or give a smaller size or another place";
        return cause == null
                ? new EngineException(ErrorCode.NO_SPACE, message)
                : new EngineException(ErrorCode.NO_SPACE, message, cause);
    }

    static EngineException failed(Path path, String why) {
        return new EngineException(
                ErrorCode.IO, "cannot open " + path + ": " + why + "; see the kernel's log (dmesg) for the device");
    }

    /** From a system call that refused to open. */
    static EngineException ofErrno(FileTarget target, boolean writing, int errno, String why) {
        Path path = target.path();
        return switch (errno) {
            case Errno.ENOENT, Errno.ENXIO, Errno.ENODEV, Errno.ENOMEDIUM -> notFound(path);
            case Errno.EBUSY, Errno.ETXTBSY, Errno.EAGAIN -> inUse(path, Holders.of(target));
            case Errno.EROFS -> readOnly(path, "the file system or disk is read-only");
            case Errno.EACCES, Errno.EPERM -> notAllowed(target, writing);
            default -> failed(path, why);
        };
    }

    /** From an exception of {@code java.nio}. */
    static EngineException ofException(Path path, boolean writing, IOException cause) throws IOException {
        if (cause instanceof NoSuchFileException) {
            return notFound(path);
        } else if (cause instanceof AccessDeniedException) {
            return notAllowed(FileTarget.of(path), writing);
        } else if (cause instanceof FileSystemException fs
                && String.valueOf(fs.getReason()).contains("Read-only")) {
            return readOnly(path, "the file system is read-only");
        }
        return new EngineException(ErrorCode.IO, "cannot open " + path + ": " + cause, cause);
    }

    private static EngineException notAllowed(FileTarget target, boolean writing) {
        boolean mayRead = java.nio.file.Files.isReadable(target.realPath());
        return writing && mayRead
                ? readOnly(target.path(), "this user may only read it; change its permissions")
                : notAllowed(target.path());
    }
}
