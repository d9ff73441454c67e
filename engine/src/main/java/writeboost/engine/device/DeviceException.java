package writeboost.engine.device;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A device refused a request, or did only a part of it. */
public final class DeviceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why, in the categories that the engine treats differently. */
    public enum Kind {
        /** The device reports an error for this request (EIO and the like). */
        IO,
        /** No space is left to back the request (ENOSPC, EDQUOT): a sparse file on a full file system. */
        NO_SPACE,
        /** The device is gone (ENODEV, ENXIO, closed). */
        GONE
    }

    private final Kind kind;

    /**
     * Makes one.
     *
     * @param what a sentence with operation, device, offset and length
     */
    public DeviceException(Kind kind, String what, @Nullable Throwable cause) {
        super(what, cause);
        this.kind = kind;
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }
}
