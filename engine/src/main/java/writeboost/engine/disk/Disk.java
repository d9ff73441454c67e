package writeboost.engine.disk;

import org.jspecify.annotations.Nullable;

/**
 * A disk that can be served. Requests may overlap, and complete in any order; each 512-byte sector is old or new, never
 * mixed.
 */
public interface Disk {
    /** The size in bytes; a multiple of 512. Constant. */
    long sizeBytes();

    /** One line for people, shown as the export's description. */
    String description();

    /** Whether writes are refused for now (they complete with {@link DiskError#EPERM} or EIO). */
    boolean readOnly();

    /**
     * Starts a request. It is completed exactly once, by {@link DiskRequest#complete}: before this method returns, on
     * the calling thread, when everything it needs is in memory; else later, on a thread of the disk. Never blocks on a
     * device. Any thread may call.
     *
     * <p>The caller has checked that the range lies inside the disk and that a READ or WRITE carries a buffer of exactly
     * its length. The disk owns the request and its buffer until completion.
     */
    void submit(DiskRequest request);

    /**
     * As {@link #submit}, for a caller with nothing else to do before this request has ended: what is left of it, and waits for a
     * device, may be left to the caller. A thread less has to be woken then.
     *
     * @return what the caller is to run once, at once, on any thread, without a lock: it blocks on devices, and ends the request or
     *     leaves that to a thread of the disk; null if there is nothing to run
     */
    default @Nullable Runnable begin(DiskRequest request) {
        submit(request);
        return null;
    }

    /**
     * Tells the state of a range, as extents in ascending order without gaps, beginning at {@code offsetBytes}; looks at
     * memory only. It may stop early (after {@code maxExtents}), but tells at least one extent; neighbours of equal
     * state are merged, and no extent reaches beyond the range.
     *
     * @param offsetBytes start; any byte inside the disk
     * @param lengthBytes at least 1
     * @param maxExtents at least 1
     */
    void status(StatusContext context, long offsetBytes, long lengthBytes, int maxExtents, ExtentSink sink);

    /** What {@link #status} can tell. */
    enum StatusContext {
        /** NBD's base:allocation: bit 0 hole, bit 1 reads as zeros. */
        ALLOCATION,
        /** x-writeboost:state: 0 not cached, 1 clean (on both devices), 2 dirty (only in the cache). */
        CACHE_STATE
    }

    /** Receives extents. */
    @FunctionalInterface
    interface ExtentSink {
        /**
         * The next extent.
         *
         * @param lengthBytes at least 1
         * @param state as the context defines it
         */
        void extent(long lengthBytes, int state);
    }
}
