package writeboost.engine.device;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that cannot be closed while a system call uses it. Otherwise its number might by then belong to
 * another file, and a late write would go there.
 *
 * <p>Every use is between {@link #enter} and {@link #exit}. {@link #close} never waits: if uses are under way, the last
 * of them closes the descriptor.
 */
final class Descriptor {
    /** Added to the number of uses once close() was called. */
    private static final int CLOSED = 1 << 30;

    private final LibC libc;
    private final int fd;
    private final String name;
    private final AtomicInteger uses = new AtomicInteger();

    Descriptor(LibC libc, int fd, String name) {
        this.libc = libc;
        this.fd = fd;
        this.name = name;
    }

    /**
     * Begins a use.
     *
     * @return the descriptor's number, valid until {@link #exit}
     * @throws DeviceException GONE if it is closed; then there must be no {@link #exit}
     */
    int enter() throws DeviceException {
        if (uses.incrementAndGet() > CLOSED) {
            exit();
            throw DeviceErrors.closed(name);
        }
        return fd;
    }

    /** Ends a use. */
    void exit() {
        closeIfLast(uses.decrementAndGet());
    }

    /** Closes it, now or at the end of the last use. Idempotent. */
    void close() {
        int before;
        do {
            before = uses.get();
            if (before >= CLOSED) {
                return;
            }
        } while (!uses.compareAndSet(before, before + CLOSED));
        closeIfLast(before + CLOSED);
    }

    private void closeIfLast(int usesNow) {
        // A late enter() and its exit() pass through CLOSED again: only the first to see it may close, and moves on.
        if (usesNow == CLOSED && uses.compareAndSet(CLOSED, CLOSED + (CLOSED >> 1))) {
            libc.close(fd); // its error tells nothing that a sync had not told; the descriptor is gone in any case
        }
    }
}
