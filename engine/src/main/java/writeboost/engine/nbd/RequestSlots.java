package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * The requests of one connection, and the bytes that they may borrow. Both are bounded: when all are in flight, the
 * receiving thread waits here, and so reads nothing more from its client.
 *
 * <p>Requests are made when first needed, and their pages cut from slabs. Only the receiving thread takes; it gives back
 * without a lock, other threads by {@link #giveBack}.
 */
final class RequestSlots {
    private static final int PAGES_PER_SLAB = 32;

    private final BufferPool pool;
    private final ByteBudget budget;
    private final StallClock stallClock;
    // The receiving thread's:
    private final List<ByteBuffer> slabs = new ArrayList<>();
    private @Nullable NbdRequest free;
    private int freeCount;
    private int created;
    // Guarded by monitor:
    private final Monitor monitor;
    private final Monitor.Signal changed;
    private @Nullable NbdRequest returned;
    private int returnedCount;
    private long borrowedBytes;
    private long sharedBytes;

    RequestSlots(Tasks tasks, BufferPool pool, ByteBudget budget) {
        this.pool = pool;
        this.budget = budget;
        stallClock = new StallClock(tasks);
        monitor = tasks.newMonitor("nbd requests");
        changed = monitor.newSignal("requests or bytes given back");
    }

    /** Tells for how long the client has kept the connection waiting with what it holds. */
    StallClock stallClock() {
        return stallClock;
    }

    /** Bytes that it holds of the server's budget; any thread may ask. */
    long sharedBytes() {
        monitor.lock();
        try {
            return sharedBytes;
        } finally {
            monitor.unlock();
        }
    }

    /** A free request if there is one, without waiting. */
    @Nullable NbdRequest tryTake(Outbox outbox) throws NbdException {
        if (free == null) {
            collect(false);
        }
        if (free == null && created < Limits.REQUESTS_MAX) {
            return create(outbox);
        }
        NbdRequest taken = free;
        if (taken != null) {
            free = taken.following;
            freeCount--;
        }
        return taken;
    }

    /** Whether just one is taken. */
    boolean isOneTaken() {
        if (created - freeCount > 1) {
            collect(false);
        }
        return created - freeCount == 1;
    }

    /** A free request. All replies must be on their way, else nothing would ever come back. */
    NbdRequest take(Outbox outbox) throws NbdException {
        while (true) {
            NbdRequest taken = tryTake(outbox);
            if (taken != null) {
                return taken;
            }
            collect(true);
        }
    }

    /** Lends a buffer to a request, if that needs no waiting. */
    boolean tryLend(NbdRequest request, int lengthBytes) throws NbdException {
        int capacity = BufferPool.capacityFor(lengthBytes);
        long shared;
        monitor.lock();
        try {
            if (!fits(capacity)) {
                return false;
            }
            shared = sharedPart(capacity);
            if (shared > 0 && !budget.tryTake(shared)) {
                return false;
            }
            borrowedBytes += capacity;
            sharedBytes += shared;
        } finally {
            monitor.unlock();
        }
        lend(request, lengthBytes, shared);
        return true;
    }

    /**
     * Lends a buffer to a request, as soon as there is room for it. All replies must be on their way.
     *
     * @param cancelled whether the connection is over
     * @return false if cancelled
     */
    boolean awaitLend(NbdRequest request, int lengthBytes, BooleanSupplier cancelled) throws NbdException {
        int capacity = BufferPool.capacityFor(lengthBytes);
        long shared;
        monitor.lock();
        try {
            while (!fits(capacity)) {
                changed.await();
            }
            shared = sharedPart(capacity);
            borrowedBytes += capacity;
        } finally {
            monitor.unlock();
        }
        if (shared > 0 && !budget.take(shared, cancelled)) {
            returnBytes(capacity, 0);
            return false;
        }
        monitor.lock();
        sharedBytes += shared;
        monitor.unlock();
        lend(request, lengthBytes, shared);
        return true;
    }

    /** Takes the request back that the receiving thread itself has finished with. */
    void giveBackLocally(NbdRequest request) {
        returnBuffer(request);
        request.following = free;
        free = request;
        freeCount++;
    }

    /** Takes back a list of requests, on any thread. */
    void giveBack(NbdRequest first) {
        int count = 1;
        NbdRequest last = first;
        returnBuffer(first);
        for (NbdRequest next = first.following; next != null; next = next.following) {
            returnBuffer(next);
            last = next;
            count++;
        }
        monitor.lock();
        try {
            last.following = returned;
            returned = first;
            returnedCount += count;
            changed.raise();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until every request is back, and then gives all memory to the pool; nothing may be taken afterwards. */
    void awaitAllAndClose() {
        while (freeCount < created) {
            collect(true);
        }
        slabs.forEach(pool::give);
        slabs.clear();
    }

    private void collect(boolean wait) {
        monitor.lock();
        try {
            while (wait && returned == null) {
                changed.await();
            }
            NbdRequest first = returned;
            if (first == null) {
                return;
            }
            NbdRequest last = first;
            while (last.following != null) {
                last = last.following;
            }
            last.following = free;
            free = first;
            freeCount += returnedCount;
            returned = null;
            returnedCount = 0;
        } finally {
            monitor.unlock();
        }
    }

    private NbdRequest create(Outbox outbox) throws NbdException {
        int index = created % PAGES_PER_SLAB;
        if (index == 0) {
            slabs.add(pool.take(PAGES_PER_SLAB * Limits.PAGE_BYTES));
        }
        ByteBuffer slab = slabs.get(slabs.size() - 1);
        created++;
        return new NbdRequest(outbox, slab.slice(index * Limits.PAGE_BYTES, Limits.PAGE_BYTES));
    }

    /** Whether the connection's own limit allows it; a lone request always fits. */
    private boolean fits(int capacity) {
        return borrowedBytes == 0 || borrowedBytes + capacity <= Limits.CONNECTION_BYTES_MAX;
    }

    /** What of a loan counts against the server's budget: nothing, as long as the connection keeps to its grant. */
    private long sharedPart(int capacity) {
        return borrowedBytes + capacity <= Limits.CONNECTION_BYTES_GRANTED ? 0 : capacity;
    }

    private void lend(NbdRequest request, int lengthBytes, long shared) throws NbdException {
        ByteBuffer buffer;
        try {
            buffer = pool.take(lengthBytes);
        } catch (NbdException e) {
            returnBytes(BufferPool.capacityFor(lengthBytes), shared);
            throw e;
        }
        request.borrowed = buffer;
        request.data = buffer;
        request.budgetBytes = shared;
    }

    private void returnBuffer(NbdRequest request) {
        ByteBuffer buffer = request.borrowed;
        if (buffer == null) {
            return;
        }
        request.borrowed = null;
        request.data = null;
        pool.give(buffer);
        returnBytes(buffer.capacity(), request.budgetBytes);
    }

    private void returnBytes(int capacity, long shared) {
        if (shared > 0) {
            budget.give(shared);
        }
        monitor.lock();
        try {
            borrowedBytes -= capacity;
            sharedBytes -= shared;
            changed.raise();
        } finally {
            monitor.unlock();
        }
    }
}
