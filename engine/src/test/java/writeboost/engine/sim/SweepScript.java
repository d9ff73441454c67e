package writeboost.engine.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** A fixed list of operations on a tiny pair, one after the other: the same number gives the same. */
final class SweepScript {
    private final Scene scene;
    private final Subject.Pair pair;
    private final SimRandom random;

    private SweepScript(Scene scene, Subject.Pair pair, int number) {
        this.scene = scene;
        this.pair = pair;
        this.random = new SimRandom(number);
    }

    /** Carries it out. A task of the scene calls it. */
    static void run(Scene scene, Subject.Pair pair, int number, int operations) {
        SweepScript script = new SweepScript(scene, pair, number);
        for (int i = 0; i < operations; i++) {
            script.operation();
        }
    }

    /** Only writes and flushes. A task of the scene calls it. */
    static void writes(Scene scene, Subject.Pair pair, int number, int operations) {
        SweepScript script = new SweepScript(scene, pair, number);
        for (int i = 0; i < operations; i++) {
            script.write(script.random.chance(0.3));
        }
    }

    private void operation() {
        switch (random.weighted(12, 3, 2, 1.5, 1, 1, 0.5, 0.4, 0.3)) {
            case 0 -> write(false);
            case 1 -> read();
            case 2 -> request(DiskRequest.Op.FLUSH, 0, 0, false);
            case 3 -> write(true);
            case 4 -> request(DiskRequest.Op.TRIM);
            case 5 -> request(DiskRequest.Op.ZERO);
            case 6 -> act(pair::sync);
            case 7 -> act(pair::flush);
            default -> act(pair::drop);
        }
    }

    private void write(boolean fua) {
        int first = random.below(Scene.SECTORS);
        int count = 1 + random.below(random.oneOf(2, 8, 40));
        if (random.chance(0.6)) {
            first &= ~7;
            count = (count + 7) & ~7;
        }
        count = Math.min(count, Scene.SECTORS - first);
        request(DiskRequest.Op.WRITE, first, count, fua);
    }

    private void request(DiskRequest.Op op) {
        int first = random.below(Scene.SECTORS);
        request(op, first, Math.min(Scene.SECTORS - first, 1 + random.below(100)), random.chance(0.2));
    }

    private void read() {
        int first = random.below(Scene.SECTORS);
        request(DiskRequest.Op.READ, first, Math.min(Scene.SECTORS - first, 1 + random.below(60)), false);
    }

    private void act(Scene.Body body) {
        long begunAt = scene.oracle.flushBegin();
        try {
            body.run();
            scene.oracle.flushed(begunAt, "flush");
        } catch (IOException e) {
            if (!scene.faults.happened()) {
                throw new SimFailure("failed: " + e, e);
            }
        }
    }

    private static final class Request extends DiskRequest {
        private final SimScheduler scheduler;
        private final SimTask waiting;
        private @Nullable DiskError ended;

        Request(SimScheduler scheduler) {
            this.scheduler = scheduler;
            waiting = scheduler.current();
        }

        @Override
        public void complete(DiskError error) {
            if (!scheduler.dying()) {
                ended = error;
                scheduler.wake(waiting);
            }
        }
    }

    private void request(DiskRequest.Op op, int first, int count, boolean fua) {
        Request r = new Request(scene.scheduler);
        r.op = op;
        r.fua = fua;
        r.offsetBytes = (long) first * Stamp.SECTOR;
        r.lengthBytes = (long) count * Stamp.SECTOR;
        byte[] bytes = new byte[count * Stamp.SECTOR];
        Oracle oracle = scene.oracle;
        Version version = null;
        Oracle.Read read = null;
        long flushBegunAt = 0;
        switch (op) {
            case WRITE -> {
                version = oracle.start(Version.Kind.DATA, r.offsetBytes, r.lengthBytes, "WRITE");
                for (int i = 0; i < count; i++) {
                    Stamp.fill(bytes, i * Stamp.SECTOR, first + i, version.number);
                }
            }
            case TRIM -> version = oracle.start(Version.Kind.ANY, r.offsetBytes, r.lengthBytes, "TRIM");
            case ZERO -> version = oracle.start(Version.Kind.ZERO, r.offsetBytes, r.lengthBytes, "ZERO");
            case READ -> read = oracle.readBegin(r.offsetBytes, r.lengthBytes, "READ");
            default -> flushBegunAt = oracle.flushBegin();
        }
        r.data = ByteBuffer.wrap(bytes);
        int injected = scene.faults.injected();
        pair.disk().submit(r);
        while (r.ended == null) {
            scene.scheduler.block("request", "", SimTask.NO_DEADLINE);
        }
        boolean ok = r.ended == DiskError.OK;
        if (read != null) {
            endRead(read, ok, bytes, injected);
        } else if (version != null) {
            endChange(r, version, ok);
        } else if (ok) {
            oracle.flushed(flushBegunAt, "FLUSH");
        } else {
            oracle.flushFailed();
            mayFail(scene.faults.happened(), r);
        }
    }

    private void endRead(Oracle.Read read, boolean ok, byte[] bytes, int injected) {
        if (ok) {
            scene.oracle.readEnd(read, bytes, 0);
        } else if (scene.faults.mayFail(injected) || scene.oracle.mayFail(read)) {
            scene.oracle.readFailed(read);
        } else {
            throw new SimFailure("a read failed");
        }
    }

    private void endChange(Request r, Version version, boolean ok) {
        if (ok) {
            scene.oracle.acknowledged(version, r.offsetBytes, r.lengthBytes, r.fua);
        } else {
            mayFail(scene.faults.happened() || scene.oracle.mayFailToWrite(r.offsetBytes, r.lengthBytes), r);
            scene.oracle.failed(version, r.offsetBytes, r.lengthBytes);
        }
    }

    private static void mayFail(boolean may, Request r) {
        if (!may) {
            throw new SimFailure(r.op + " failed: " + r.ended);
        }
    }
}
