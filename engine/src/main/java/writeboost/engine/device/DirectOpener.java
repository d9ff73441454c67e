package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import writeboost.engine.error.EngineException;

/**
 * Opens a {@link DirectDevice}: alone if asked (O_EXCL keeps a disk from being mounted and refuses a mounted one; the lock
 * of the open file keeps other instances away, in this process too), past the page cache if that works, and with the
 * smallest unit of I/O that works.
 */
final class DirectOpener {
    private static final int MIN_SECTOR_BYTES = 512;
    private static final int MAX_SECTOR_BYTES = 4096;

    private final LibC libc;
    private final FileTarget target;
    private final DeviceOptions options;

    DirectOpener(LibC libc, FileTarget target, DeviceOptions options) {
        this.libc = libc;
        this.target = target;
        this.options = options;
    }

    DirectDevice open() throws IOException {
        int direct = options.pageCache() ? 0 : LibC.directFlag();
        int fd = libc.open(target.name(), flags() | direct, 0);
        if (fd == -Errno.EINVAL && direct != 0) { // a file system that has no direct I/O
            direct = 0;
            fd = libc.open(target.name(), flags(), 0);
        }
        if (fd < 0) {
            throw Refusals.ofErrno(target, options.isExclusive(), -fd, libc.message(-fd));
        }
        boolean opened = false;
        try {
            DirectDevice device = opened(fd, direct != 0);
            opened = true;
            return device;
        } finally {
            if (!opened) {
                libc.close(fd);
            }
        }
    }

    private int flags() {
        if (!options.isExclusive()) {
            return LibC.O_RDONLY;
        }
        return target.isBlockDevice() ? LibC.O_RDWR | LibC.O_EXCL : LibC.O_RDWR;
    }

    private DirectDevice opened(int fd, boolean direct) throws IOException {
        if (options.isExclusive()) {
            claim(fd);
        }
        long rawBytes = target.isBlockDevice() ? ask(fd, LibC.BLKGETSIZE64) : Files.size(target.realPath());
        int alignment = direct ? alignment(fd, rawBytes) : 1;
        if (direct && alignment == 1) {
            check(libc.clearFlags(fd));
        }
        if (alignment == 1 && !options.pageCache()) {
            options.notes().accept(target.name() + ": no direct I/O here; going through the page cache");
        }
        int sectorBytes =
                target.isBlockDevice() ? (int) ask(fd, LibC.BLKSSZGET) : Math.max(MIN_SECTOR_BYTES, alignment);
        long sizeBytes = Devices.usableBytes(target, rawBytes, sectorBytes, options);
        return new DirectDevice(
                libc,
                fd,
                target,
                new FileDevice.Geometry(sizeBytes, sectorBytes, alignment, options.isExclusive()),
                DeviceIdentities.of(target, sizeBytes));
    }

    /** Makes sure that nobody else of us has it, and that it can be written. */
    private void claim(int fd) throws IOException {
        int locked = libc.lock(fd);
        if (locked == -Errno.EAGAIN || locked == -Errno.EACCES) {
            throw Refusals.inUse(target.path(), null);
        } else if (locked < 0) {
            // A file system without locks: better to go on than to be of no use, but not in silence.
            options.notes()
                    .accept(target.name() + ": cannot be locked (" + libc.message(-locked)
                            + "); take care that nothing else writes to it");
        }
        if (target.isBlockDevice() && ask(fd, LibC.BLKROGET) != 0) {
            throw Refusals.readOnly(target.path(), "the disk is write-protected");
        }
    }

    /** The smallest unit of direct I/O that works, for offsets, lengths and addresses alike; 1 if none does. */
    private int alignment(int fd, long rawBytes) throws IOException {
        if (target.isBlockDevice()) {
            return (int) ask(fd, LibC.BLKSSZGET);
        }
        long usableBytes = rawBytes - rawBytes % MIN_SECTOR_BYTES;
        ByteBuffer buffer = BounceBuffers.allocate(2 * MAX_SECTOR_BYTES);
        for (int unit = MIN_SECTOR_BYTES; unit <= MAX_SECTOR_BYTES; unit *= MAX_SECTOR_BYTES / MIN_SECTOR_BYTES) {
            boolean fits = usableBytes % unit == 0; // else the last sectors could not be reached
            long offset = usableBytes >= 2L * unit ? unit : 0;
            if (fits && libc.pread(fd, LibC.address(buffer) + unit, unit, offset) != -Errno.EINVAL) {
                return unit;
            }
        }
        return 1;
    }

    private long ask(int fd, long request) throws EngineException {
        long[] answer = new long[1];
        check(libc.ioctl(fd, request, answer));
        // The int-sized answers fill the lower half: all machines that we run on are little-endian.
        return answer[0];
    }

    private void check(int result) throws EngineException {
        if (result < 0) {
            throw Refusals.failed(target.path(), libc.message(-result));
        }
    }
}
