package writeboost.engine.disk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request to a {@link Disk}. Mutable and meant to be pooled by whoever submits it: nothing is allocated per request.
 * Its fields belong to the submitter before submission and after completion, and to the disk in between.
 *
 * <p>The last fields ({@code next}, {@code stamp}) are for the disk's own queues.
 */
public abstract class DiskRequest {
    /** What is asked for. */
    public enum Op {
        READ,
        WRITE,
        /** All writes that completed before this was submitted are to be durable. */
        FLUSH,
        /** A hint: the content is no longer needed. */
        TRIM,
        /** The range is to read as zeros. */
        ZERO,
        /** A hint: the range will soon be read. */
        PREFETCH
    }

    /** What is asked for. */
    public Op op = Op.READ;
    /** First byte. */
    public long offsetBytes;
    /** Number of bytes; 0 only for FLUSH. */
    public long lengthBytes;
    /** The request's own effect is to be durable when it completes. */
    public boolean fua;
    /** ZERO: the range is to stay allocated. */
    public boolean noHole;
    /** ZERO: rather fail with ENOTSUP, at once, than be as slow as a write. */
    public boolean fast;
    /** READ: filled from its position to its limit; WRITE: the data. Position and limit stay as they are. */
    public @Nullable ByteBuffer data;

    /** For the disk's queues. */
    public @Nullable DiskRequest next;
    /** For the disk's use. */
    public long stamp;

    /**
     * Tells that the request has ended. Called once by the disk, on any thread, without a lock held; must be quick and
     * must not block on a client.
     */
    public abstract void complete(DiskError error);
}
