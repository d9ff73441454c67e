package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.task.Tasks;

/**
 * A device as slow as a spinning disk on a USB cable, reached through the block layer of a kernel. The content goes to the
 * device below at once; then the caller waits until a disk of the {@link DiskModel} would have answered. {@link #sync} makes
 * the content durable below as well. So it is a backing device like any other, with the timing of a disk.
 *
 * <p>The disk does one thing at a time. Reads that wait meanwhile are sorted as the kernel's mq-deadline sorts them, see
 * {@link Elevator}: many in flight get more out of the disk than one. The {@link CommandQueue} is where callers wait.
 *
 * <p>The write cache takes short bursts at the speed of the cable: who measures writes ends with a {@link #sync}, or
 * writes many times the cache's size first. Like most such disks it cannot discard.
 *
 * <ol>
 *   <li>What fails below before the disk is asked costs the disk nothing.
 *   <li>With one caller at a time, each command begins when it arrives, and sorting changes nothing.
 * </ol>
 */
public final class SpinningDevice extends ForwardingDevice {
    private final Tasks tasks;
    private final CommandQueue queue;

    /** Puts the timing of a model on a device, which it owns from now on. */
    public SpinningDevice(BlockDevice inner, DiskModel model, Tasks tasks) {
        super(inner);
        this.tasks = tasks;
        this.queue = new CommandQueue(new Spindle(model, inner.sizeBytes()), tasks, inner.name());
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
        perform(new Command(Command.Kind.READ, arrivedNs, offsetBytes, lengthBytes));
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        long arrivedNs = tasks.nanoTime();
        long lengthBytes = from.remaining();
        inner().write(offsetBytes, from);
        perform(new Command(Command.Kind.WRITE, arrivedNs, offsetBytes, lengthBytes));
    }

    @Override
    public void sync() throws IOException {
        Command flush = new Command(Command.Kind.FLUSH, tasks.nanoTime(), 0, 0);
        queue.add(flush); // before syncing below: what comes meanwhile is not waited for
        inner().sync(); // if this fails, the disk flushes all the same, and nobody waits for it
        queue.await(flush);
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
        perform(new Command(Command.Kind.WRITE, arrivedNs, offsetBytes, lengthBytes));
    }

    private void perform(Command command) {
        queue.add(command);
        queue.await(command);
    }

    @Override
    public String toString() {
        return "hdd:" + inner();
    }
}
