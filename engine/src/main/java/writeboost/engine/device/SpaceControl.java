package writeboost.engine.device;

/** How discarding and zeroing are done on one kind of device. Results as of {@link LibC}: 0, or minus the errno. */
abstract class SpaceControl {
    /** The way for a file or a block device. */
    static SpaceControl of(LibC libc, FileTarget target) {
        return target.isBlockDevice() ? new OfDisk(libc, target.supportsDiscard()) : new OfFile(libc);
    }

    abstract boolean canDiscard();

    abstract int discard(int fd, long offsetBytes, long lengthBytes);

    /** May be answered by an error that {@link Errno#isUnsupported}: then zeros are to be written. */
    abstract int zero(int fd, long offsetBytes, long lengthBytes, boolean mayUnmap);

    private static int fallocate(LibC libc, int fd, int mode, long offsetBytes, long lengthBytes) {
        int result;
        do {
            result = libc.fallocate(fd, mode | LibC.FALLOC_KEEP_SIZE, offsetBytes, lengthBytes);
        } while (result == -Errno.EINTR);
        return result;
    }

    /** A file: holes. */
    private static final class OfFile extends SpaceControl {
        private final LibC libc;
        /** Assumed until the file system says otherwise: there is no way to ask that changes nothing. */
        private volatile boolean canPunch = true;

        OfFile(LibC libc) {
            this.libc = libc;
        }

        @Override
        boolean canDiscard() {
            return canPunch;
        }

        @Override
        int discard(int fd, long offsetBytes, long lengthBytes) {
            int result = canPunch ? fallocate(libc, fd, LibC.FALLOC_PUNCH_HOLE, offsetBytes, lengthBytes) : 0;
            if (result < 0 && Errno.isUnsupported(-result)) {
                canPunch = false;
                return 0;
            }
            return result;
        }

        @Override
        int zero(int fd, long offsetBytes, long lengthBytes, boolean mayUnmap) {
            int mode = mayUnmap ? LibC.FALLOC_PUNCH_HOLE : LibC.FALLOC_ZERO_RANGE;
            return fallocate(libc, fd, mode, offsetBytes, lengthBytes);
        }
    }

    /** A disk: its own commands. */
    private static final class OfDisk extends SpaceControl {
        private final LibC libc;
        private final boolean canDiscard;

        OfDisk(LibC libc, boolean canDiscard) {
            this.libc = libc;
            this.canDiscard = canDiscard;
        }

        @Override
        boolean canDiscard() {
            return canDiscard;
        }

        @Override
        int discard(int fd, long offsetBytes, long lengthBytes) {
            int result = canDiscard ? ioctl(fd, LibC.BLKDISCARD, offsetBytes, lengthBytes) : 0;
            return result < 0 && Errno.isUnsupported(-result) ? 0 : result;
        }

        /** A hole where the disk knows them; else the kernel's BLKZEROOUT, which writes zeros when all else fails. */
        @Override
        int zero(int fd, long offsetBytes, long lengthBytes, boolean mayUnmap) {
            int result = mayUnmap ? fallocate(libc, fd, LibC.FALLOC_PUNCH_HOLE, offsetBytes, lengthBytes) : -1;
            return result == 0 ? 0 : ioctl(fd, LibC.BLKZEROOUT, offsetBytes, lengthBytes);
        }

        private int ioctl(int fd, long request, long offsetBytes, long lengthBytes) {
            int result;
            do {
                result = libc.ioctl(fd, request, new long[] {offsetBytes, lengthBytes});
            } while (result == -Errno.EINTR);
            return result;
        }
    }
}
