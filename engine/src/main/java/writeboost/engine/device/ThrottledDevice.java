package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * A device that is slower than the one below: so many bytes a second, so long for each request, so long for each sync.
 * Requests of several threads share the bytes; their latencies overlap.
 */
public final class ThrottledDevice extends ForwardingDevice {
    private final Limits limits;
    private final Tasks tasks;
    private final Monitor monitor;
    private long bytesPaidNs = Long.MIN_VALUE; // guarded by monitor: until then the bytes of earlier requests take

    /**
     * How slow.
     *
     * @param bytesPerSecond of reads and writes together; 0 for no limit
     * @param requestNs what each read, write, discard and zeroing takes at least
     * @param syncNs what each sync takes at least
     */
    public record Limits(long bytesPerSecond, long requestNs, long syncNs) {
        public Limits {
            if (bytesPerSecond < 0 || requestNs < 0 || syncNs < 0) {
                throw new IllegalArgumentException("a limit below 0");
            }
        }
    }

    /** Slows down a device, which it owns from now on. */
    public ThrottledDevice(BlockDevice inner, Limits limits, Tasks tasks) {
        super(inner);
        this.limits = limits;
        this.tasks = tasks;
        this.monitor = tasks.newMonitor("throttle of " + inner.name());
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        long endNs = reserve(into.remaining());
        inner().read(offsetBytes, into);
        sleepUntil(endNs);
    }

    @Override
    public void readAll(ReadList list) throws IOException {
        long endNs = reserve(list.totalBytes());
        inner().readAll(list);
        sleepUntil(endNs);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        long endNs = reserve(from.remaining());
        inner().write(offsetBytes, from);
        sleepUntil(endNs);
    }

    @Override
    public void sync() throws IOException {
        long endNs = tasks.nanoTime() + limits.syncNs;
        inner().sync();
        sleepUntil(endNs);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        long endNs = reserve(0);
        inner().discard(offsetBytes, lengthBytes);
        sleepUntil(endNs);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        long endNs = reserve(0);
        inner().zero(offsetBytes, lengthBytes, mayUnmap);
        sleepUntil(endNs);
    }

    private long reserve(long bytes) {
        long beginNs = tasks.nanoTime();
        long bytesNs = limits.bytesPerSecond == 0 ? 0 : Math.round(bytes * 1e9 / limits.bytesPerSecond);
        monitor.lock();
        try {
            bytesPaidNs = Math.max(bytesPaidNs, beginNs) + bytesNs;
            return Math.max(bytesPaidNs, beginNs + limits.requestNs);
        } finally {
            monitor.unlock();
        }
    }

    private void sleepUntil(long endNs) {
        long leftNs = endNs - tasks.nanoTime();
        if (leftNs > 0) {
            tasks.sleepExactly(leftNs);
        }
    }
}
