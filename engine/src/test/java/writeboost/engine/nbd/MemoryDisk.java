package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** A disk in memory. It answers on the spot; its heirs answer later, or badly. */
class MemoryDisk implements Disk {
    private static final int BLOCK_BYTES = 4096;
    private static final int STRIPE_SHIFT = 16;

    final AtomicLong flushes = new AtomicLong();
    final AtomicLong submitted = new AtomicLong();
    volatile boolean readOnly;
    volatile String description = "a disk in memory";

    private final ByteBuffer bytes;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(1 << STRIPE_SHIFT);
    private final byte[] states;
    private final Object[] stripes;

    MemoryDisk(int sizeBytes) {
        bytes = ByteBuffer.allocateDirect(sizeBytes);
        states = new byte[(sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES];
        stripes = new Object[(sizeBytes >> STRIPE_SHIFT) + 1];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Object();
        }
    }

    @Override
    public long sizeBytes() {
        return bytes.capacity();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void submit(DiskRequest request) {
        submitted.incrementAndGet();
        request.complete(execute(request));
    }

    /** Does what is asked for, at once. */
    final DiskError execute(DiskRequest request) {
        int offset = (int) request.offsetBytes;
        int length = (int) request.lengthBytes;
        switch (request.op) {
            case READ -> copy(offset, length, request.data, true);
            case WRITE -> copy(offset, length, request.data, false);
            case ZERO, TRIM -> copy(offset, length, null, false);
            case FLUSH -> flushes.incrementAndGet();
            case PREFETCH -> {}
        }
        return DiskError.OK;
    }

    /** Moves bytes stripe by stripe, so that no sector is ever seen half written. */
    private void copy(int offset, int length, @Nullable ByteBuffer data, boolean read) {
        int done = 0;
        while (done < length) {
            int at = offset + done;
            int stripe = at >> STRIPE_SHIFT;
            int part = Math.min(length - done, ((stripe + 1) << STRIPE_SHIFT) - at);
            synchronized (stripes[stripe]) {
                if (data == null) {
                    bytes.put(at, zeros, 0, part);
                    mark(at, part, (byte) 0);
                } else if (read) {
                    data.put(data.position() + done, bytes, at, part);
                } else {
                    bytes.put(at, data, data.position() + done, part);
                    mark(at, part, (byte) 2);
                }
            }
            done += part;
        }
    }

    /** Partly zeroed blocks stay dirty. */
    private void mark(int offset, int length, byte state) {
        int from = state == 0 ? (offset + BLOCK_BYTES - 1) / BLOCK_BYTES : offset / BLOCK_BYTES;
        int to = state == 0 ? (offset + length) / BLOCK_BYTES : (offset + length + BLOCK_BYTES - 1) / BLOCK_BYTES;
        for (int i = from; i < to; i++) {
            states[i] = state;
        }
    }

    @Override
    public void status(StatusContext context, long offsetBytes, long lengthBytes, int maxExtents, ExtentSink sink) {
        long at = offsetBytes;
        long end = offsetBytes + lengthBytes;
        for (int extents = 0; at < end && extents < maxExtents; extents++) {
            byte state = states[(int) (at / BLOCK_BYTES)];
            long next = at;
            while (next < end && states[(int) (next / BLOCK_BYTES)] == state) {
                next = Math.min(end, (next / BLOCK_BYTES + 1) * BLOCK_BYTES);
            }
            sink.extent(next - at, context == StatusContext.CACHE_STATE ? state : state == 0 ? 3 : 0);
            at = next;
        }
    }

    /** Keeps some requests until told to answer. */
    static class Held extends MemoryDisk {
        private final List<DiskRequest> held = new ArrayList<>();
        private final Predicate<DiskRequest> which;

        /** Keeps all. */
        Held(int sizeBytes) {
            this(sizeBytes, request -> true);
        }

        Held(int sizeBytes, Predicate<DiskRequest> which) {
            super(sizeBytes);
            this.which = which;
        }

        /** One of those that wait. */
        final DiskRequest get(int index) {
            synchronized (held) {
                return held.get(index);
            }
        }

        @Override
        public void submit(DiskRequest request) {
            if (!which.test(request)) {
                super.submit(request);
                return;
            }
            submitted.incrementAndGet();
            synchronized (held) {
                held.add(request);
            }
        }

        /** How many wait. */
        final int count() {
            synchronized (held) {
                return held.size();
            }
        }

        /** Answers the one that came as number {@code index} of those waiting, on the calling thread. */
        final void release(int index, DiskError error) {
            DiskRequest request;
            synchronized (held) {
                request = held.remove(index);
            }
            DiskError done = error == DiskError.OK ? execute(request) : error;
            request.complete(done);
        }

        final void releaseAll() {
            while (count() > 0) {
                release(0, DiskError.OK);
            }
        }
    }

    /** Answers with one error, whatever is asked. */
    static final class Failing extends MemoryDisk {
        private final DiskError error;

        Failing(int sizeBytes, DiskError error) {
            super(sizeBytes);
            this.error = error;
        }

        @Override
        public void submit(DiskRequest request) {
            request.complete(error);
        }
    }
}
