package writeboost.engine.error;

/** Why an engine operation failed, in the categories that a caller may act on. */
public enum ErrorCode {
    /** An argument is out of its range or contradicts another. Nothing was done. */
    USAGE,
    /** A path does not exist or may not be opened. */
    NOT_FOUND,
    /** Another process, a mount, or this process holds the device. */
    IN_USE,
    /** The device holds no Writeboost cache, or one of an unknown version. */
    NOT_A_CACHE,
    /** The device is a cache, but of another backing device. */
    FOREIGN,
    /** The backing device was changed without its cache, while data waits there: somebody has to decide. */
    CHANGED,
    /** The device is smaller than the least size, or than its superblock says. */
    SIZE,
    /** The device can only be read. */
    READ_ONLY,
    /** No space is left where the file lies. */
    NO_SPACE,
    /** What is on the device is damaged in a way that must not be passed over. */
    DAMAGED,
    /** A device refused a read, a write or a flush. */
    IO,
    /** The state of the pair does not allow the operation. */
    STATE,
    /** The user cancelled it. */
    CANCELLED
}
