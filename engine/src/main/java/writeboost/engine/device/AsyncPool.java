package writeboost.engine.device;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The {@link AsyncReads} of a device: made when they are needed, kept for the next time. Any thread may call. */
final class AsyncPool {
    /**
     * So many threads read lists at a time; one more reads place by place. As many as there are tasks for what the cache
     * device alone can answer, and a small part of what the kernel has for all programs (65,536 requests, /proc/sys/fs/aio-max-nr).
     */
    private static final int MAX = 16;

    private final LibC libc;
    private final ArrayBlockingQueue<AsyncReads> free = new ArrayBlockingQueue<>(MAX);
    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean refused;
    private volatile boolean closed;

    AsyncPool(LibC libc) {
        this.libc = libc;
    }

    /** One for the caller alone, until {@link #give}; null if there is none to be had. */
    @Nullable AsyncReads take() {
        AsyncReads kept = free.poll();
        if (kept != null || refused) {
            return kept;
        }
        if (made.incrementAndGet() > MAX) {
            made.decrementAndGet();
            return null;
        }
        AsyncReads fresh = AsyncReads.open(libc);
        refused = fresh == null;
        return fresh;
    }

    /** Takes one back. */
    void give(AsyncReads reads) {
        if (!reads.isOpen()) {
            made.decrementAndGet();
            return;
        }
        free.add(reads);
        if (closed) {
            closeFree();
        }
    }

    /** Closes those that are not in use, and the others when they come back. Waits for nothing. Idempotent. */
    void close() {
        closed = true;
        closeFree();
    }

    private void closeFree() {
        for (AsyncReads reads = free.poll(); reads != null; reads = free.poll()) {
            reads.close();
        }
    }
}
