package writeboost.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.task.Tasks;

/**
 * Reads that clients make of the backing device, and how busy they keep it. Writeback does not go through here: its own
 * I/O is no load.
 */
final class BackingReads {
    private final BlockDevice backing;
    private final CacheState state;
    private final Tasks tasks;
    private int inFlight;
    private long busySinceNs;
    private long busyNs;

    BackingReads(BlockDevice backing, CacheState state, Tasks tasks) {
        this.backing = backing;
        this.state = state;
        this.tasks = tasks;
    }

    void read(long offsetBytes, ByteBuffer into) throws IOException {
        int length = into.remaining();
        long now = tasks.nanoTime();
        state.lock.lock();
        if (inFlight++ == 0) {
            busySinceNs = now;
        }
        state.lock.unlock();
        boolean ok = false;
        try {
            backing.read(offsetBytes, into);
            ok = true;
        } finally {
            long end = tasks.nanoTime();
            state.lock.lock();
            if (--inFlight == 0) {
                busyNs += end - busySinceNs;
            }
            state.counters.backingBytesRead += ok ? length : 0;
            state.counters.errors += ok ? 0 : 1;
            state.lock.unlock();
        }
    }

    /** Time for which at least one such read was on its way, since the beginning. With the lock. */
    long busyNs() {
        return busyNs + (inFlight > 0 ? tasks.nanoTime() - busySinceNs : 0);
    }
}
