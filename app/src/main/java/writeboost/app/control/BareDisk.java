package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.Tasks;

/**
 * A device without a cache, served as it is: what the demo compares with. Takes whole sectors only.
 *
 * <p>Requests go to the device on {@value #THREADS} threads, as many at a time; a request that arrives while all are busy
 * waits in a queue that the server's limit of bytes in flight bounds.
 */
final class BareDisk implements Disk, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(BareDisk.class);
    /** Twice as many as a disk takes at a time, which is how many the kernel's scheduler has at hand to sort. */
    private static final int THREADS = 64;

    private static final long CLOSE_TIMEOUT_NS = 30_000_000_000L;

    private final BlockDevice device;
    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final Tasks.Task[] workers = new Tasks.Task[THREADS];

    /** A request, or the end. */
    private record Job(@Nullable DiskRequest request) {}

    BareDisk(BlockDevice device, Tasks tasks) {
        this.device = device;
        for (int i = 0; i < THREADS; i++) {
            workers[i] = tasks.start("wb-bare-" + i, this::work);
        }
    }

    @Override
    public long sizeBytes() {
        return device.sizeBytes();
    }

    @Override
    public String description() {
        return device.name() + " without a cache";
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public void submit(DiskRequest request) {
        queue.add(new Job(request));
    }

    @Override
    public void status(StatusContext context, long offsetBytes, long lengthBytes, int maxExtents, ExtentSink sink) {
        sink.extent(lengthBytes, 0);
    }

    /** Ends its threads, after what they have been given, and closes the device. */
    @Override
    public void close() throws IOException {
        for (int i = 0; i < THREADS; i++) {
            queue.add(new Job(null));
        }
        for (Tasks.Task worker : workers) {
            if (!worker.join(CLOSE_TIMEOUT_NS)) {
                LOG.warn("{} does not answer; it is closed all the same", device.name());
            }
        }
        device.close();
    }

    private void work() {
        while (true) {
            DiskRequest request;
            try {
                request = queue.take().request();
            } catch (InterruptedException e) {
                continue; // nobody of ours interrupts; see the contract of BlockDevice
            }
            if (request == null) {
                return;
            }
            request.complete(perform(request));
        }
    }

    private DiskError perform(DiskRequest request) {
        long unit = device.sectorBytes();
        if (request.offsetBytes % unit != 0 || request.lengthBytes % unit != 0) {
            return DiskError.EINVAL;
        }
        try {
            return carryOut(request);
        } catch (DeviceException e) {
            LOG.info("a request to the bare disk failed", e);
            return e.kind() == DeviceException.Kind.NO_SPACE ? DiskError.ENOSPC : DiskError.EIO;
        } catch (IOException e) {
            LOG.info("a request to the bare disk failed", e);
            return DiskError.EIO;
        }
    }

    private DiskError carryOut(DiskRequest request) throws IOException {
        switch (request.op) {
            case READ -> device.read(request.offsetBytes, data(request));
            case WRITE -> device.write(request.offsetBytes, data(request));
            case FLUSH -> device.sync();
            case TRIM -> device.discard(request.offsetBytes, request.lengthBytes);
            case ZERO -> {
                if (request.fast) {
                    return DiskError.ENOTSUP;
                }
                device.zero(request.offsetBytes, request.lengthBytes, !request.noHole);
            }
            case PREFETCH -> {}
        }
        if (request.fua) {
            device.sync();
        }
        return DiskError.OK;
    }

    /** Position and limit of the request's own buffer stay as they are. */
    private static ByteBuffer data(DiskRequest request) {
        ByteBuffer data = request.data;
        if (data == null) {
            throw new IllegalArgumentException("a " + request.op + " without a buffer");
        }
        return data.duplicate();
    }
}
