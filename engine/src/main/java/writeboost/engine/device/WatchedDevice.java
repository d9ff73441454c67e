package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import writeboost.engine.task.Tasks;

/** Notices when a device does not answer: a disk that spins up, a bus that hangs. */
public final class WatchedDevice extends ForwardingDevice {
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

    private void begin() {
        if (inFlight.getAndIncrement() == 0) {
            lastMoveNs = tasks.nanoTime();
        }
    }

    private void end() {
        lastMoveNs = tasks.nanoTime();
        inFlight.decrementAndGet();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        begin();
        try {
            inner().read(offsetBytes, into);
        } finally {
            end();
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        begin();
        try {
            inner().write(offsetBytes, from);
        } finally {
            end();
        }
    }

    @Override
    public void sync() throws IOException {
        begin();
        try {
            inner().sync();
        } finally {
            end();
        }
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        begin();
        try {
            inner().discard(offsetBytes, lengthBytes);
        } finally {
            end();
        }
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        begin();
        try {
            inner().zero(offsetBytes, lengthBytes, mayUnmap);
        } finally {
            end();
        }
    }
}
