package writeboost.engine.disk;

/** How a request ended. The numbers are NBD's portable error values (proto.md, "Error values"). */
public enum DiskError {
    OK(0),
    EPERM(1),
    EIO(5),
    ENOMEM(12),
    EINVAL(22),
    ENOSPC(28),
    EOVERFLOW(75),
    ENOTSUP(95),
    ESHUTDOWN(108);

    private final int number;

    DiskError(int number) {
        this.number = number;
    }

    /** The value on the wire. */
    public int number() {
        return number;
    }
}
