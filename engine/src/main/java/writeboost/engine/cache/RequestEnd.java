package writeboost.engine.cache;

import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.log.CloseReason;
import writeboost.engine.log.Log;

/**
 * How requests end: at once, or, for FLUSH and FUA, when everything up to a seq is durable. The waiting ones are a queue,
 * since the seqs that they wait for never fall.
 */
final class RequestEnd {
    private final CacheState state;
    private final Log log;
    private final RequestQueue awaitingDurable = new RequestQueue();

    RequestEnd(CacheState state) {
        this.state = state;
        log = state.log;
    }

    /** A read has ended. */
    void read(DiskRequest r, DiskError result) {
        if (result == DiskError.OK) {
            state.lock.lock();
            state.counters.userBytesRead += r.lengthBytes;
            state.lock.unlock();
        }
        r.complete(result);
    }

    /** A write came so far. */
    void written(DiskRequest r, WritePath.Outcome outcome) {
        written(r, outcome, false);
    }

    /**
     * A write came so far.
     *
     * @param helps whether the caller would write to the log itself
     * @return whether it is to: {@link Log#writeTaken}
     */
    boolean written(DiskRequest r, WritePath.Outcome outcome, boolean helps) {
        switch (outcome) {
            case DONE -> {
                return done(r, helps);
            }
            case FAILED -> r.complete(DiskError.EIO);
            default -> {
                // parked: whoever finds room goes on with it
            }
        }
        return false;
    }

    private boolean done(DiskRequest r, boolean helps) {
        boolean taken;
        boolean complete;
        boolean broken;
        state.lock.lock();
        try {
            state.counters.userBytesWritten += r.op == DiskRequest.Op.WRITE ? r.lengthBytes : 0;
            taken = helps && r.fua && log.takeOpen(CloseReason.FUA);
            complete = !r.fua || isDurable(r, CloseReason.FUA);
            broken = log.broken() != null;
        } finally {
            state.lock.unlock();
        }
        if (complete) {
            r.complete(DiskError.OK);
        } else if (broken) {
            durableMoved();
        }
        return taken;
    }

    /**
     * FLUSH.
     *
     * @param helps whether the caller would write to the log itself
     * @return whether it is to: {@link Log#writeTaken}
     */
    boolean flush(DiskRequest r, boolean helps) {
        boolean taken = false;
        boolean complete = false;
        boolean refused;
        boolean broken;
        state.lock.lock();
        try {
            state.counters.flushes++;
            refused = state.stopping;
            if (!refused) {
                taken = helps && log.takeOpen(CloseReason.FLUSH);
                complete = isDurable(r, CloseReason.FLUSH);
            }
            broken = log.broken() != null;
        } finally {
            state.lock.unlock();
        }
        if (refused) {
            r.complete(DiskError.ESHUTDOWN);
        } else if (complete) {
            r.complete(DiskError.OK);
        } else if (broken) {
            durableMoved();
        }
        return taken;
    }

    /**
     * Whether everything appended so far is durable; else the request waits for that. If the log is broken, nobody else will
     * end the wait: call {@link #durableMoved} then.
     */
    private boolean isDurable(DiskRequest r, CloseReason reason) {
        long seq = log.close(reason);
        if (seq <= log.durable()) {
            return true;
        }
        r.stamp = seq;
        awaitingDurable.add(r);
        log.wantDurable(seq);
        return false;
    }

    /** Durable has moved, or will not move any more: ends those who waited for it. */
    void durableMoved() {
        while (true) {
            DiskRequest r;
            boolean ok;
            state.lock.lock();
            try {
                DiskRequest first = awaitingDurable.peek();
                ok = first != null && first.stamp <= log.durable();
                r = ok || log.broken() != null ? awaitingDurable.poll() : null;
            } finally {
                state.lock.unlock();
            }
            if (r == null) {
                return;
            }
            r.complete(ok ? DiskError.OK : DiskError.EIO);
        }
    }
}
