package writeboost.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;

/**
 * The file or block device that a path leads to, symbolic links followed, as the machine tells it from all others.
 *
 * @param path as the user gave it
 * @param realPath without links
 * @param mode file type and permissions, as st_mode
 * @param device number of the device that the file lies on
 * @param inode number of the file there
 * @param specialDevice for a block device: its own number, as st_rdev
 */
record FileTarget(Path path, Path realPath, int mode, long device, long inode, long specialDevice) {
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int BLOCK = 0060000;
    private static final int DIRECTORY = 0040000;
    private static final int WRITE_PERMISSIONS = 0222;

    /**
     * Looks at a path.
     *
     * @throws IOException if it does not exist or may not be looked at
     */
    static FileTarget of(Path path) throws IOException {
        Map<String, Object> stat = Files.readAttributes(path, "unix:mode,dev,ino,rdev");
        return new FileTarget(
                path,
                path.toRealPath(),
                (int) number(stat, "mode"),
                number(stat, "dev"),
                number(stat, "ino"),
                number(stat, "rdev"));
    }

    private static long number(Map<String, Object> stat, String attribute) throws IOException {
        if (stat.get(attribute) instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("the system does not tell the attribute " + attribute);
    }

    /** What messages call it. */
    String name() {
        return path.toString();
    }

    boolean isBlockDevice() {
        return (mode & TYPE_MASK) == BLOCK;
    }

    boolean isRegularFile() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    /** Whether anybody at all is allowed to write to it. */
    boolean hasWritePermission() {
        return (mode & WRITE_PERMISSIONS) != 0;
    }

    /** Whether both are the same file (whatever the path: links) or the same block device (whatever the node). */
    boolean isSameAs(FileTarget other) {
        if (isBlockDevice() || other.isBlockDevice()) {
            return isBlockDevice() && other.isBlockDevice() && specialDevice == other.specialDevice;
        }
        return device == other.device && inode == other.inode;
    }

    /** Major and minor number of a block device, as in the names under /sys/dev/block: {@code 8:16}. */
    String majorMinor() {
        long major = ((specialDevice >>> 8) & 0xfff) | ((specialDevice >>> 32) & ~0xfffL);
        long minor = (specialDevice & 0xff) | ((specialDevice >>> 12) & ~0xffL);
        return major + ":" + (int) minor;
    }

    /** Where the kernel describes a block device. */
    Path sysfs() {
        return Paths.get("/sys/dev/block", majorMinor());
    }

    /** Whether this block device was taken out of the machine. Never true of a file. */
    boolean isRemoved() {
        return isBlockDevice() && Files.isDirectory(Paths.get("/sys/dev/block")) && !Files.exists(sysfs());
    }

    /** Whether the block device says that it takes discards. */
    boolean supportsDiscard() {
        return queueNumber("discard_max_bytes", 0) > 0;
    }

    /** A number of the block device's queue; a partition has that of its disk. */
    long queueNumber(String attribute, long otherwise) {
        for (String queue : new String[] {"queue", "../queue"}) {
            try {
                return Long.parseLong(Files.readString(sysfs().resolve(queue).resolve(attribute))
                        .strip());
            } catch (IOException | NumberFormatException e) {
                // not there: look at the disk, or take the default
            }
        }
        return otherwise;
    }
}
