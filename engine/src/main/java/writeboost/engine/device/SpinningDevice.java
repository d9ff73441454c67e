package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * A device as slow as a spinning disk on a USB cable. The content goes to the device below at once; then the caller waits
 * until a disk of the {@link DiskModel} would have answered. {@link #sync} makes the content durable below as well. So it
 * is a backing device like any other, with the timing of a disk.
 *
 * <p>The write cache takes short bursts at the speed of the cable: who measures writes ends with a {@link #sync}, or
 * writes many times the cache's size first. Like most such disks it cannot discard.
 */
public final class SpinningDevice extends ForwardingDevice {
    private final Tasks tasks;
    private final Monitor monitor;
    private final Spindle spindle; // guarded by monitor

    /** Puts the timing of a model on a device, which it owns from now on. */
    public SpinningDevice(BlockDevice inner, DiskModel model, Tasks tasks) {
        super(inner);
        this.tasks = tasks;
        this.monitor = tasks.newMonitor("head of " + inner.name());
        this.spindle = new Spindle(model, inner.sizeBytes());
    }

    /** One command of the disk. */
    @FunctionalInterface
    private interface Command {
        long endNs();
    }

    @Override
    public String name() {
        return "hdd:" + inner().name();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        long arrivedNs = tasks.nanoTime();
        long lengthBytes = into.remaining();
        inner().read(offsetBytes, into);
        await(() -> spindle.read(arrivedNs, offsetBytes, lengthBytes));
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        long arrivedNs = tasks.nanoTime();
        long lengthBytes = from.remaining();
        inner().write(offsetBytes, from);
        await(() -> spindle.write(arrivedNs, offsetBytes, lengthBytes));
    }

    @Override
    public void sync() throws IOException {
        long arrivedNs = tasks.nanoTime();
        long endNs =
                endOf(() -> spindle.flush(arrivedNs)); // before syncing below: what comes meanwhile is not waited for
        inner().sync();
        sleepUntil(endNs);
    }

    @Override
    public boolean canDiscard() {
        return false;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        Ranges.check(this, offsetBytes, lengthBytes);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        long arrivedNs = tasks.nanoTime();
        inner().zero(offsetBytes, lengthBytes, mayUnmap);
        await(() -> spindle.write(arrivedNs, offsetBytes, lengthBytes));
    }

    private void await(Command command) {
        sleepUntil(endOf(command));
    }

    private long endOf(Command command) {
        monitor.lock();
        try {
            return command.endNs();
        } finally {
            monitor.unlock();
        }
    }

    private void sleepUntil(long endNs) {
        long leftNs = endNs - tasks.nanoTime();
        if (leftNs > 0) {
            tasks.sleep(leftNs);
        }
    }

    @Override
    public String toString() {
        return "hdd:" + inner();
    }
}
