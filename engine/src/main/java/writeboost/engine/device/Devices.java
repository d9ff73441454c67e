package writeboost.engine.device;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.jspecify.annotations.Nullable;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.task.Tasks;

/**
 * Opens devices by what a person writes:
 *
 * <table><caption>Specifications</caption>
 * <tr><td>{@code PATH}</td><td>a file or a block device</td></tr>
 * <tr><td>{@code hdd:PATH}</td><td>the same, as slow as a spinning disk: see {@link SpinningDevice}</td></tr>
 * <tr><td>{@code mem:SIZE}</td><td>in memory; empty at each opening</td></tr>
 * </table>
 *
 * <p>A file whose name begins like a specification is reached as {@code ./mem:...}. Nothing that exists is ever changed
 * by opening it.
 */
public final class Devices {
    private static final String HDD = "hdd:";
    private static final String MEMORY = "mem:";
    private static final int SECTOR_BYTES = 512;

    private Devices() {}

    /**
     * Opens a device.
     *
     * @throws EngineException with a message for the user: NOT_FOUND, IN_USE, READ_ONLY, NO_SPACE, SIZE, USAGE or IO
     */
    public static BlockDevice open(String spec, DeviceOptions options, Tasks tasks) throws IOException {
        if (spec.startsWith(MEMORY)) {
            return memory(spec);
        }
        BlockDevice device = openPath(pathOf(spec), options);
        boolean slow = spec.startsWith(HDD) && options.isExclusive(); // looking need not wait for a model
        return slow ? new SpinningDevice(device, DiskModel.EXTERNAL_7200_RPM, tasks) : device;
    }

    /**
     * The file or block device that a specification names; null for one in memory.
     *
     * @throws EngineException USAGE if it names nothing
     */
    public static @Nullable Path path(String spec) throws EngineException {
        return spec.startsWith(MEMORY) ? null : pathOf(spec);
    }

    /**
     * Refuses two specifications that lead to the same file or the same disk, whatever links are in between. Paths that
     * do not exist (yet) differ if they are written differently.
     *
     * @throws EngineException USAGE if they are the same
     */
    public static void checkDistinct(String first, String second) throws IOException {
        Path a = path(first);
        Path b = path(second);
        if (a == null || b == null) {
            return;
        }
        boolean same;
        try {
            same = FileTarget.of(a).isSameAs(FileTarget.of(b));
        } catch (IOException e) {
            same = place(a).equals(place(b));
        }
        if (same) {
            throw Refusals.same(first, second);
        }
    }

    /** Where a file is or would be made: its folder without links, and its name. */
    private static Path place(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        try {
            return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            return absolute; // no such folder: opening will say so
        }
    }

    /**
     * Whether somebody, in this process or another, has the file or disk open in the way of
     * {@link DeviceOptions#exclusive}. False if that cannot be found out.
     */
    public static boolean isInUse(Path path) {
        FileTarget target;
        try {
            target = FileTarget.of(path);
        } catch (IOException e) {
            return false; // what is not there is not in use
        }
        if (!target.isRegularFile() && !target.isBlockDevice()) {
            return false; // opening a pipe would wait for its other end
        }
        LibC libc = LibC.load();
        if (libc == null || HeldFiles.isHeld(target)) { // then not even looking is allowed: it would undo the lock
            return HeldFiles.isHeld(target);
        }
        return isLocked(libc, path);
    }

    private static boolean isLocked(LibC libc, Path path) {
        int fd = libc.open(path.toString(), LibC.O_RDONLY, 0);
        if (fd < 0) {
            return false;
        }
        try {
            return libc.isLocked(fd) == 1;
        } finally {
            libc.close(fd);
        }
    }

    private static BlockDevice memory(String spec) throws EngineException {
        long sizeBytes = Sizes.parse(spec.substring(MEMORY.length()));
        if (sizeBytes < SECTOR_BYTES || sizeBytes > MemoryDevice.MAX_BYTES) {
            throw new EngineException(
                    ErrorCode.SIZE,
                    "cannot make " + spec + ": give a size between 512 and " + Sizes.format(MemoryDevice.MAX_BYTES));
        }
        return new MemoryDevice(spec, sizeBytes - sizeBytes % SECTOR_BYTES);
    }

    private static Path pathOf(String spec) throws EngineException {
        String text = spec.startsWith(HDD) ? spec.substring(HDD.length()) : spec;
        try {
            if (!text.isEmpty()) {
                return Paths.get(text);
            }
        } catch (InvalidPathException e) {
            throw new EngineException(ErrorCode.USAGE, "'" + text + "' is not a path: " + e.getReason(), e);
        }
        throw new EngineException(ErrorCode.USAGE, "no path is given; give a file or a block device");
    }

    private static BlockDevice openPath(Path path, DeviceOptions options) throws IOException {
        FileTarget target = lookAt(path, options);
        if (target != null) {
            return openTarget(target, options);
        }
        FileMaker.make(path, options.createBytes());
        boolean opened = false;
        try {
            BlockDevice device = openTarget(FileTarget.of(path), options);
            opened = true;
            return device;
        } finally {
            if (!opened) {
                FileMaker.removeQuietly(path);
            }
        }
    }

    /** What is there; null if nothing is and it is to be made. */
    private static @Nullable FileTarget lookAt(Path path, DeviceOptions options) throws IOException {
        try {
            return FileTarget.of(path);
        } catch (NoSuchFileException e) {
            if (options.isExclusive() && options.createBytes() > 0) {
                return null;
            }
            throw Refusals.notFound(path);
        } catch (java.nio.file.AccessDeniedException e) {
            throw Refusals.notAllowed(path);
        } catch (IOException e) {
            throw new EngineException(ErrorCode.NOT_FOUND, "cannot open " + path + ": " + e.getMessage(), e);
        }
    }

    private static BlockDevice openTarget(FileTarget target, DeviceOptions options) throws IOException {
        if (!target.isRegularFile() && !target.isBlockDevice()) {
            throw Refusals.notADevice(target);
        }
        if (options.isExclusive()) {
            checkFree(target);
        }
        LibC libc = options.backend() == DeviceOptions.Backend.NIO ? null : LibC.load();
        return libc == null ? new NioOpener(target, options).open() : new DirectOpener(libc, target, options).open();
    }

    /** Refuses what the system would let us write although somebody says not to, or somebody else is using it. */
    private static void checkFree(FileTarget target) throws EngineException {
        if (target.isRegularFile() && !target.hasWritePermission()) {
            throw Refusals.readOnly(target.path(), "its permissions let nobody write; chmod u+w allows it");
        }
        String holder = Holders.of(target);
        if (holder != null || HeldFiles.isHeld(target)) {
            throw Refusals.inUse(target.path(), holder);
        }
    }

    /** The size that an opener has to report: whole sectors of it, which must be what was asked for, and not nothing. */
    static long usableBytes(FileTarget target, long rawBytes, int sectorBytes, DeviceOptions options)
            throws EngineException {
        if (options.createBytes() > 0 && rawBytes != options.createBytes()) {
            throw Refusals.otherSize(target.path(), rawBytes, options.createBytes());
        }
        long sizeBytes = rawBytes - rawBytes % sectorBytes;
        if (sizeBytes == 0) {
            throw Refusals.tooSmall(target.path(), rawBytes);
        }
        if (sizeBytes != rawBytes) {
            options.notes()
                    .accept(target.name() + ": of its " + rawBytes + " bytes, " + sizeBytes
                            + " are used: whole sectors of " + sectorBytes);
        }
        return sizeBytes;
    }
}
