package writeboost.engine.cache;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.Tasks;
import writeboost.engine.writeback.Writeback;

/**
 * Writes that wait for room in the log, and the task that goes on with them, in the order in which they came. While
 * one waits, later ones that need the log wait behind it; their connections go on with everything else.
 */
final class RoomQueue implements WritePath.Parking {
    /** How long writes wait for room while the disk takes nothing at all. Then they fail: programs must not hang for ever. */
    static final long PATIENCE_NS = 60_000_000_000L;

    private static final long TICK_NS = 1_000_000_000;

    private final CacheState state;
    private final Writeback writeback;
    private final RequestQueue parked = new RequestQueue();
    private @Nullable DiskRequest current;
    private boolean stopped;
    private Tasks.@Nullable Task task;

    RoomQueue(CacheState state, Writeback writeback) {
        this.state = state;
        this.writeback = writeback;
    }

    /** Starts the task. */
    void start(Tasks tasks, RequestWorker worker, RequestEnd end) {
        task = tasks.start("wb-room", () -> run(worker, end));
    }

    @Override
    public void park(DiskRequest request) {
        if (request == current) {
            parked.addFirst(request);
        } else {
            parked.add(request);
        }
        writeback.wantRoom();
        state.log.room().raise();
    }

    @Override
    public boolean mustQueue(DiskRequest request) {
        return request != current && (current != null || !parked.isEmpty());
    }

    /** Number of writes that wait. With the lock. */
    int size() {
        return parked.size();
    }

    /** A write that needs a slow read keeps its turn: handed to others it would queue anew, again and again. */
    private void run(RequestWorker worker, RequestEnd end) {
        for (DiskRequest r = next(); r != null; r = next()) {
            WritePath.Outcome outcome;
            try {
                outcome = worker.advance(r);
            } catch (IOException e) {
                outcome = WritePath.Outcome.FAILED;
            }
            boolean hopeless;
            state.lock.lock();
            current = null;
            hopeless = outcome == WritePath.Outcome.PARKED && isHopeless() && parked.poll() == r;
            state.lock.unlock();
            if (hopeless) {
                r.complete(DiskError.ENOSPC);
            } else {
                end.written(r, outcome);
            }
        }
    }

    /** Whether no room will come: the disk has taken nothing for long. */
    private boolean isHopeless() {
        return writeback.failingNs() >= PATIENCE_NS;
    }

    private @Nullable DiskRequest next() {
        state.lock.lock();
        try {
            while (!stopped) {
                boolean canGoOn = state.log.hasClientRoom() || state.refusesWrites() != null || isHopeless();
                if (canGoOn && !parked.isEmpty()) {
                    current = parked.poll();
                    return current;
                }
                if (parked.isEmpty()) {
                    state.log.room().await();
                } else {
                    state.log.room().await(TICK_NS);
                }
            }
            return null;
        } finally {
            state.lock.unlock();
        }
    }

    /** Ends the task; what still waits fails. */
    void stop() {
        state.lock.lock();
        stopped = true;
        state.log.room().raise();
        state.lock.unlock();
        if (task != null) {
            task.join(Long.MAX_VALUE);
        }
        while (true) {
            state.lock.lock();
            DiskRequest r = parked.poll();
            state.lock.unlock();
            if (r == null) {
                return;
            }
            r.complete(DiskError.ESHUTDOWN);
        }
    }
}
