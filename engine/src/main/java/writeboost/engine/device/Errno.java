package writeboost.engine.device;

/** The error numbers of Linux that we tell apart; the same on all architectures that we run on. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int ETXTBSY = 26;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int ENOTCONN = 107;
    static final int ESHUTDOWN = 108;
    static final int EDQUOT = 122;
    static final int ENOMEDIUM = 123;

    private Errno() {}

    /** What the engine is to make of it. */
    static DeviceException.Kind kind(int errno) {
        return switch (errno) {
            case ENOSPC, EDQUOT, EFBIG -> DeviceException.Kind.NO_SPACE;
            case ENODEV, ENXIO, ENOMEDIUM, ENOTCONN, ESHUTDOWN -> DeviceException.Kind.GONE;
            default -> DeviceException.Kind.IO;
        };
    }

    /** Whether it means that this kind of device or file system has no such operation. */
    static boolean isUnsupported(int errno) {
        return errno == EOPNOTSUPP || errno == ENOSYS || errno == ENOTTY || errno == EINVAL;
    }
}
