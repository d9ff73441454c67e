package writeboost.engine.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** A client: submits random requests, several at a time, and hands each result to the oracle the moment it is there. */
final class SimClient {
    /** What all clients of an incarnation share. */
    static final class Shared {
        final SimScheduler scheduler;
        final Oracle oracle;
        final CutPlan plan;
        final SimFaults faults;
        final SimTroubles troubles;
        final Mix mix;
        /** Requests of several blocks in flight. */
        int large;
        /** Requests in flight that begin or end inside a sector: nobody else may write there. */
        final List<SimRequest> exclusive = new ArrayList<>();

        /** Requests that have ended. */
        long done;

        Shared(SimScheduler scheduler, Oracle oracle, CutPlan plan, SimFaults faults, SimTroubles troubles, Mix mix) {
            this.scheduler = scheduler;
            this.oracle = oracle;
            this.plan = plan;
            this.faults = faults;
            this.troubles = troubles;
            this.mix = mix;
        }

        boolean isFree(long offsetBytes, long lengthBytes) {
            for (SimRequest other : exclusive) {
                if (touches(other.offsetBytes, other.lengthBytes, offsetBytes, lengthBytes)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean touches(long a, long aLength, long b, long bLength) {
            return a / Stamp.SECTOR <= (b + bLength - 1) / Stamp.SECTOR
                    && b / Stamp.SECTOR <= (a + aLength - 1) / Stamp.SECTOR;
        }
    }

    private final Shared shared;
    private final Disk disk;
    private final SimRandom random;
    private final String name;
    private int inFlight;
    private @Nullable SimTask task;

    SimClient(Shared shared, Disk disk, SimRandom random, String name) {
        this.shared = shared;
        this.disk = disk;
        this.random = random;
        this.name = name;
    }

    /** The body of the client's task. */
    void run() {
        task = shared.scheduler.current();
        for (int i = 0; i < shared.mix.requests(); i++) {
            awaitAtMost(shared.mix.depth() - 1);
            submitOne();
            if (random.chance(shared.mix.rest())) {
                shared.scheduler.block("rest", "", 1 + random.below(shared.mix.restNs()));
            }
        }
        awaitAtMost(0);
    }

    private void awaitAtMost(int limit) {
        while (inFlight > limit) {
            shared.scheduler.block("request", "", SimTask.NO_DEADLINE);
        }
    }

    private void submitOne() {
        SimRequest request = new SimRequest(this);
        request.op = shared.mix.op(random);
        boolean bytewise = (request.op == DiskRequest.Op.WRITE || request.op == DiskRequest.Op.READ)
                && random.chance(shared.mix.bytewise());
        if (request.op != DiskRequest.Op.FLUSH) {
            chooseRange(request, bytewise);
            if (request.op != DiskRequest.Op.READ && !shared.isFree(request.offsetBytes, request.lengthBytes)) {
                return;
            }
            if (bytewise && request.op == DiskRequest.Op.WRITE) {
                if (!shared.oracle.isQuiet(request.offsetBytes, request.lengthBytes)) {
                    return;
                }
                shared.exclusive.add(request);
            }
        }
        submit(request);
    }

    private void chooseRange(SimRequest request, boolean bytewise) {
        int sectors = shared.oracle.sectorCount();
        int hot = random.chance(0.95) ? Math.min(sectors, shared.mix.hotBlocks() * 8) : sectors;
        int max = Math.min(sectors, shared.mix.maxBlocks() * 8);
        boolean blockwise = random.chance(0.5);
        int length = 1 + random.below(blockwise ? max : Math.min(max, 16));
        if (random.chance(shared.mix.huge()) || (request.op == DiskRequest.Op.TRIM && random.chance(0.1))) {
            length = 1 + random.below(sectors / 4);
        }
        int first = random.below(hot);
        if (blockwise) {
            first &= ~7;
            length = (length + 7) & ~7;
        }
        length = Math.min(length, sectors - first);
        request.offsetBytes = (long) first * Stamp.SECTOR;
        request.lengthBytes = (long) length * Stamp.SECTOR;
        if (bytewise) {
            int from = random.below((int) Math.min(request.lengthBytes, 600));
            request.offsetBytes += from;
            request.lengthBytes -= from;
            request.lengthBytes -= random.below((int) Math.min(request.lengthBytes, 600));
        }
    }

    private void submit(SimRequest request) {
        request.fua = (request.op == DiskRequest.Op.WRITE
                        || request.op == DiskRequest.Op.ZERO
                        || request.op == DiskRequest.Op.TRIM)
                && random.chance(shared.mix.fua());
        request.noHole = request.op == DiskRequest.Op.ZERO && random.chance(0.5);
        request.fast = request.op == DiskRequest.Op.ZERO && random.chance(0.2);
        if (request.op == DiskRequest.Op.READ || request.op == DiskRequest.Op.WRITE) {
            request.data = buffer((int) request.lengthBytes);
        }
        inFlight++;
        if (isLarge(request) && ++shared.large > 1) {
            shared.troubles.note(Situation.MULTI_BLOCK);
        }
        shared.plan.enter(Phase.REQUEST);
        request.begin();
        shared.scheduler
                .trace()
                .add(
                        shared.scheduler.steps(),
                        name,
                        0,
                        "submit",
                        request.op.name(),
                        request.offsetBytes,
                        request.lengthBytes);
        if (shared.done % 2 == 0) {
            disk.submit(request);
            return;
        }
        Runnable rest = disk.begin(request);
        if (rest != null) {
            rest.run();
        }
    }

    /** Heap or direct; its position is anywhere. */
    private ByteBuffer buffer(int length) {
        int skip = random.chance(0.2) ? random.below(100) : 0;
        ByteBuffer buffer = random.chance(0.1)
                ? ByteBuffer.allocateDirect(skip + length + 8)
                : ByteBuffer.allocate(skip + length + 8);
        buffer.position(skip).limit(skip + length);
        return buffer;
    }

    /** A request has ended; called by {@link SimRequest#complete} on whatever task the disk likes. */
    void ended(SimRequest request) {
        shared.exclusive.remove(request);
        shared.plan.leave(Phase.REQUEST);
        shared.done++;
        inFlight--;
        shared.large -= isLarge(request) ? 1 : 0;
        if (request.fua || request.op == DiskRequest.Op.FLUSH) {
            shared.plan.flushed(random);
        }
        SimTask me = task;
        if (me != null) {
            shared.scheduler.wake(me);
        }
    }

    Shared shared() {
        return shared;
    }

    String name() {
        return name;
    }

    private static boolean isLarge(SimRequest request) {
        return request.lengthBytes > LogMap.BLOCK;
    }

    /** Whether a request may end like this, that began when so many faults had struck. */
    boolean mayEndWith(SimRequest request, DiskError error, int injectedBefore, Oracle.@Nullable Read read) {
        if (error == DiskError.OK) {
            return true;
        }
        if (error == DiskError.ENOTSUP) {
            shared.troubles.note(Situation.RANGE_CAP);
            return request.op == DiskRequest.Op.ZERO && request.fast;
        }
        if (read != null) {
            return shared.faults.mayFail(injectedBefore) || shared.oracle.mayFail(read);
        }
        boolean changes = request.op != DiskRequest.Op.FLUSH;
        return shared.faults.happened()
                || shared.faults.lying()
                || (changes
                        && (request.lostBefore
                                || shared.oracle.mayFailToWrite(request.offsetBytes, request.lengthBytes)));
    }
}
