package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** A device that counts what is done with it. Failed requests count like others. */
public final class CountingDevice extends BracketedDevice {
    private final Tasks tasks;
    private final Monitor monitor;
    private int underway; // guarded by monitor, like the next two
    private long busySinceNs;
    private long busyNs;

    private final LongAdder reads = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder syncs = new LongAdder();

    /**
     * What was done since the device was made.
     *
     * @param busyNs time in which at least one request was under way, in nanoseconds; load = its growth / time passed
     */
    public record Counts(long reads, long bytesRead, long writes, long bytesWritten, long syncs, long busyNs) {}

    /** Counts what is done with a device, which it owns from now on. */
    public CountingDevice(BlockDevice inner, Tasks tasks) {
        super(inner);
        this.tasks = tasks;
        this.monitor = tasks.newMonitor("counts of " + inner.name());
    }

    /** The counts now. Any thread may call. */
    public Counts counts() {
        monitor.lock();
        long busyNowNs;
        try {
            busyNowNs = busyNs + (underway > 0 ? tasks.nanoTime() - busySinceNs : 0);
        } finally {
            monitor.unlock();
        }
        return new Counts(reads.sum(), bytesRead.sum(), writes.sum(), bytesWritten.sum(), syncs.sum(), busyNowNs);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        reads.increment();
        bytesRead.add(into.remaining());
        super.read(offsetBytes, into);
    }

    @Override
    public void readAll(ReadList list) throws IOException {
        reads.add(list.size());
        bytesRead.add(list.totalBytes());
        super.readAll(list);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        writes.increment();
        bytesWritten.add(from.remaining());
        super.write(offsetBytes, from);
    }

    @Override
    public void sync() throws IOException {
        syncs.increment();
        super.sync();
    }

    @Override
    void begin() {
        monitor.lock();
        try {
            if (underway++ == 0) {
                busySinceNs = tasks.nanoTime();
            }
        } finally {
            monitor.unlock();
        }
    }

    @Override
    void end() {
        monitor.lock();
        try {
            if (--underway == 0) {
                busyNs += tasks.nanoTime() - busySinceNs;
            }
        } finally {
            monitor.unlock();
        }
    }
}
