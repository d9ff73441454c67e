package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.log.Log;
import writeboost.engine.task.Tasks;

/**
 * Sends each request where it belongs: what needs only memory ends on the caller's thread; what needs a device goes to
 * one of two pools (cache device only, or backing device too, so that hits do not wait behind a slow disk); what finds no
 * room is parked.
 */
final class RequestRouter {
    /** Tasks, at the most, for requests that need only the cache device: an SSD wants about so many reads at a time. */
    private static final int CACHE_TASKS = 16;

    /**
     * Tasks, at the most, for requests that need the backing device: disk and kernel sort what they have at hand by where the head is,
     * and a disk's own queue has this many places.
     */
    private static final int BACKING_TASKS = 32;

    /** Reads up to this size are tried in memory first, under the lock. */
    private static final long MAX_INLINE_BYTES = 64 * BLOCK_BYTES;

    /** Larger requests are not looked at block by block under the lock, to choose a pool. */
    private static final int MAX_BLOCKS_CLASSIFIED = 256;

    /** Makes what the tasks of the pools read with; each task has its own. */
    interface Readers {
        BlockReader single();

        ReadPath whole(BlockReader single);
    }

    private final CacheState state;
    private final RoomQueue room;
    private final RequestEnd end;
    private final Tasks tasks;
    private final WritePath writes;
    private final SlowPool cachePool;
    private final SlowPool backingPool;
    private final RequestWorker parkedWorker;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    RequestRouter(CacheState state, RoomQueue room, RequestEnd end, Tasks tasks, Readers readers) {
        this.state = state;
        this.room = room;
        this.end = end;
        this.tasks = tasks;
        writes = new WritePath(state, room);
        cachePool = new SlowPool(tasks, "wb-ssd", CACHE_TASKS, () -> worker(readers));
        backingPool = new SlowPool(tasks, "wb-disk", BACKING_TASKS, () -> worker(readers));
        parkedWorker = worker(readers);
    }

    private RequestWorker worker(Readers readers) {
        BlockReader single = readers.single();
        return new RequestWorker(readers.whole(single), single, writes, end);
    }

    /** Starts the tasks. */
    void start() {
        cachePool.start();
        backingPool.start();
        room.start(tasks, parkedWorker, end);
    }

    /** Lets what is queued end, and fails what is parked. Blocks. */
    void stop() {
        cachePool.stop();
        backingPool.stop();
        room.stop();
    }

    /**
     * Starts a request. Any thread.
     *
     * @param helps whether the caller would write to the log itself
     * @return whether it is to: {@link Log#writeTaken}
     */
    boolean submit(DiskRequest r, boolean helps) {
        r.stamp = 0;
        switch (r.op) {
            case READ -> read(r);
            case WRITE, TRIM, ZERO -> {
                return write(r, helps);
            }
            case FLUSH -> {
                return end.flush(r, helps);
            }
            case PREFETCH -> r.complete(DiskError.OK); // a hint; reads cache by themselves what is worth it
        }
        return false;
    }

    private void read(DiskRequest r) {
        if (r.lengthBytes == 0) {
            r.complete(DiskError.OK);
        } else if (r.lengthBytes <= MAX_INLINE_BYTES && readFromMemory(r)) {
            r.complete(DiskError.OK);
        } else {
            withDevices(r);
        }
    }

    private boolean readFromMemory(DiskRequest r) {
        state.lock.lock();
        try {
            boolean done = ReadPath.fromMemory(state, r);
            state.counters.userBytesRead += done ? r.lengthBytes : 0;
            return done;
        } finally {
            state.lock.unlock();
        }
    }

    private boolean write(DiskRequest r, boolean helps) {
        if (r.op == DiskRequest.Op.ZERO && r.fast && !hasRoomForRange()) {
            r.complete(DiskError.ENOTSUP);
            return false;
        }
        WritePath.Outcome outcome = writes.advance(r, scratch.get(), null);
        if (outcome == WritePath.Outcome.NEEDS_BASE) {
            withDevices(r);
            return false;
        }
        return end.written(r, outcome, helps);
    }

    private boolean hasRoomForRange() {
        state.lock.lock();
        try {
            return state.ranges.hasRoom();
        } finally {
            state.lock.unlock();
        }
    }

    /** Hits must not wait behind the backing device: whoever needs that goes to its own pool. */
    private void withDevices(DiskRequest r) {
        (isAllOnCache(r) ? cachePool : backingPool).submit(r);
    }

    private boolean isAllOnCache(DiskRequest r) {
        long first = r.offsetBytes / BLOCK_BYTES;
        long last = (r.offsetBytes + Math.max(1, r.lengthBytes) - 1) / BLOCK_BYTES;
        if (last - first >= MAX_BLOCKS_CLASSIFIED) {
            return false;
        }
        state.lock.lock();
        try {
            for (long block = first; block <= last; block++) {
                int id = state.lookup(block);
                int full = state.fullMask(block);
                boolean whole =
                        id == CacheState.ZERO || (id != BlockIndex.NONE && (state.index.validOf(id) & full) == full);
                if (!whole) {
                    return false;
                }
            }
            return true;
        } finally {
            state.lock.unlock();
        }
    }
}
