package writeboost.engine.device;

import java.util.concurrent.atomic.AtomicInteger;
import writeboost.engine.task.Tasks;

/** Notices when a device does not answer: a disk that spins up, a bus that hangs. */
public final class WatchedDevice extends BracketedDevice {
    private final Tasks tasks;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** When the last call ended, or the first began while there was none. */
    private volatile long lastMoveNs;

    /** Watches a device, which it owns from now on. */
    public WatchedDevice(BlockDevice inner, Tasks tasks) {
        super(inner);
        this.tasks = tasks;
    }

    /** For how long calls have been under way of which none has ended, in nanoseconds; 0 if there is none. Any thread. */
    public long stalledNs() {
        return inFlight.get() == 0 ? 0 : Math.max(0, tasks.nanoTime() - lastMoveNs);
    }

    @Override
    void begin() {
        if (inFlight.getAndIncrement() == 0) {
            lastMoveNs = tasks.nanoTime();
        }
    }

    @Override
    void end() {
        lastMoveNs = tasks.nanoTime();
        inFlight.decrementAndGet();
    }
}
