package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/**
 * A read whose blocks lie in many places of the cache device, as they do after random writes: its parts are read at the same time,
 * since an SSD is fast only with many reads at hand. The request ends when its last part has ended; any that failed fails it.
 */
final class ScatteredRead {
    /** From so many places on a read is worth sharing out: about as many as an SSD reads at a time. */
    static final int MIN_PLACES = 8;

    /** As many as there are tasks to read them. */
    private static final int MAX_PARTS = 16;

    private final ArrayBlockingQueue<ScatteredRead> home;
    private final Part[] parts = new Part[MAX_PARTS];
    private final AtomicInteger left = new AtomicInteger();
    private @Nullable DiskRequest whole;
    private volatile DiskError result = DiskError.OK;

    private ScatteredRead(ArrayBlockingQueue<ScatteredRead> home) {
        this.home = home;
        for (int i = 0; i < MAX_PARTS; i++) {
            parts[i] = new Part();
        }
    }

    /** Those of a pair, kept for the next time. Any thread. */
    static final class Kept {
        /** More are seldom on their way at a time; those beyond are left to the garbage collector. */
        private final ArrayBlockingQueue<ScatteredRead> free = new ArrayBlockingQueue<>(32);

        /** Shares out a read of whole or partial blocks. */
        void start(DiskRequest request, SlowPool pool) {
            ScatteredRead kept = free.poll();
            (kept == null ? new ScatteredRead(free) : kept).start(request, pool);
        }
    }

    private final class Part extends DiskRequest {
        @Override
        public void complete(DiskError error) {
            data = null;
            ended(error);
        }
    }

    private void start(DiskRequest request, SlowPool pool) {
        whole = request;
        result = DiskError.OK;
        long end = request.offsetBytes + request.lengthBytes;
        long first = request.offsetBytes / BLOCK_BYTES;
        long blocks = (end - 1) / BLOCK_BYTES - first + 1;
        long each = (blocks + MAX_PARTS - 1) / MAX_PARTS;
        int count = (int) ((blocks + each - 1) / each);
        left.set(count);
        ByteBuffer data = Objects.requireNonNull(request.data);
        for (int i = 0; i < count; i++) {
            long from = Math.max(request.offsetBytes, (first + i * each) * BLOCK_BYTES);
            long until = Math.min(end, (first + (i + 1) * each) * BLOCK_BYTES);
            int at = data.position() + (int) (from - request.offsetBytes);
            Part part = parts[i];
            part.op = DiskRequest.Op.READ;
            part.offsetBytes = from;
            part.lengthBytes = until - from;
            part.data = data.duplicate().limit(at + (int) (until - from)).position(at);
            pool.submit(part);
        }
    }

    private void ended(DiskError error) {
        if (error != DiskError.OK) {
            result = error;
        }
        if (left.decrementAndGet() == 0) {
            DiskRequest request = Objects.requireNonNull(whole);
            DiskError how = result;
            whole = null;
            home.offer(this);
            request.complete(how);
        }
    }
}
