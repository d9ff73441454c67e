package writeboost.engine.sim;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.DeviceIdentity;

/** A {@link SimMedium}, opened as a device by tasks of a simulation. Every call begins and ends at a scheduling point. */
final class SimDisk implements BlockDevice {
    /** What a call does. */
    enum Op {
        READ,
        WRITE,
        SYNC,
        DISCARD,
        ZERO
    }

    /** Is told of device calls; may ask for a power cut at this very point, or for an error. */
    interface Watcher {
        /** A call has begun; nothing of it has happened. */
        void begins(SimDisk disk, Op op, long offsetBytes, long lengthBytes);

        /** A call is about to end: what it does is done. */
        void ends(SimDisk disk, Op op, long offsetBytes, long lengthBytes);

        /** Whether the call fails. */
        boolean fails(SimDisk disk, Op op, long offsetBytes, long lengthBytes);
    }

    private static final long CALL_NS = 20_000;
    private static final long NS_PER_SECTOR = 500;
    private static final long SYNC_NS = 200_000;

    final SimMedium medium;
    private final SimScheduler scheduler;
    private final SimRandom random;
    private final boolean discards;
    private final @Nullable Watcher watcher;
    private boolean closed;
    /** Opens it. {@code discards} says whether it can discard. */
    SimDisk(SimMedium medium, SimScheduler scheduler, SimRandom random, boolean discards, @Nullable Watcher watcher) {
        this.medium = medium;
        this.scheduler = scheduler;
        this.random = random;
        this.discards = discards;
        this.watcher = watcher;
    }

    @Override
    public String name() {
        return medium.name;
    }

    @Override
    public long sizeBytes() {
        return medium.sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return SimWrite.SECTOR;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws DeviceException {
        int length = into.remaining();
        check(offsetBytes, length);
        begin(Op.READ, offsetBytes, length);
        byte[] bytes = new byte[length];
        int first = (int) (offsetBytes / SimWrite.SECTOR);
        int count = length / SimWrite.SECTOR;
        int early = random.chance(0.1) ? random.below(count + 1) : 0;
        medium.read(first, early, bytes, 0, random);
        point(Op.READ, offsetBytes, length);
        if (fails(Op.READ, offsetBytes, length)) {
            ended(Op.READ, offsetBytes, length);
            while (into.hasRemaining()) {
                into.put((byte) 0x5A);
            }
            throw failed("read", offsetBytes, length);
        }
        medium.read(first + early, count - early, bytes, early * SimWrite.SECTOR, random);
        end(Op.READ, offsetBytes, length);
        into.put(bytes);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws DeviceException {
        int length = from.remaining();
        check(offsetBytes, length);
        byte[] bytes = new byte[length];
        from.get(bytes);
        change(Op.WRITE, offsetBytes, length, bytes);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws DeviceException {
        check(offsetBytes, lengthBytes);
        change(Op.ZERO, offsetBytes, lengthBytes, null);
    }

    private void change(Op op, long offsetBytes, long lengthBytes, byte @Nullable [] bytes) throws DeviceException {
        begin(op, offsetBytes, lengthBytes);
        SimWrite write =
                medium.begin((int) (offsetBytes / SimWrite.SECTOR), (int) (lengthBytes / SimWrite.SECTOR), bytes);
        point(op, offsetBytes, lengthBytes);
        if (fails(op, offsetBytes, lengthBytes)) {
            medium.fail(write, random);
            ended(op, offsetBytes, lengthBytes);
            throw failed("write", offsetBytes, lengthBytes);
        }
        medium.land(write);
        end(op, offsetBytes, lengthBytes);
    }

    @Override
    public void sync() throws DeviceException {
        begin(Op.SYNC, 0, 0);
        long upTo = medium.flushBegin();
        point(Op.SYNC, 0, 0);
        if (fails(Op.SYNC, 0, 0)) {
            medium.flushFailed(upTo);
            ended(Op.SYNC, 0, 0);
            throw failed("sync", 0, 0);
        }
        medium.flushEnd(upTo);
        scheduler.advance(SYNC_NS);
        end(Op.SYNC, 0, 0);
    }

    @Override
    public boolean canDiscard() {
        return discards;
    }

    /** Each run of sectors then reads as it did, as zeros, or as garbage. */
    @Override
    public void discard(long offsetBytes, long lengthBytes) throws DeviceException {
        check(offsetBytes, lengthBytes);
        if (!discards) {
            return;
        }
        if (random.chance(0.3)) {
            change(Op.DISCARD, offsetBytes, lengthBytes, null);
        } else if (random.chance(0.5)) {
            byte[] garbage = new byte[(int) lengthBytes];
            for (int at = 0; at < garbage.length; at += SimWrite.SECTOR) {
                System.arraycopy(SimMedium.garbage(random), 0, garbage, at, SimWrite.SECTOR);
            }
            change(Op.DISCARD, offsetBytes, lengthBytes, garbage);
        }
    }

    @Override
    public DeviceIdentity identity() {
        return new DeviceIdentity("/sim/" + medium.name, "sim-" + medium.name, "S1M", medium.sizeBytes);
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    // ---- the points ----

    private void begin(Op op, long offsetBytes, long lengthBytes) throws DeviceException {
        scheduler.checkAlive();
        if (closed) {
            throw new DeviceException(DeviceException.Kind.GONE, op + " on " + name() + ", which is closed", null);
        }
        if (watcher != null) {
            watcher.begins(this, op, offsetBytes, lengthBytes);
        }
    }

    private void point(Op op, long offsetBytes, long lengthBytes) {
        scheduler.advance(CALL_NS + lengthBytes / SimWrite.SECTOR * NS_PER_SECTOR);
        scheduler.point(op.name(), medium.name, offsetBytes, lengthBytes);
        SimPolicy policy = scheduler.policy();
        if ((policy.slowOp() == null || policy.slowOp() == op) && random.chance(policy.slow())) {
            scheduler.block("slow", medium.name, 1 + random.below(policy.slowNs()));
        }
    }

    private void ended(Op op, long offsetBytes, long lengthBytes) {
        if (watcher != null) {
            watcher.ends(this, op, offsetBytes, lengthBytes);
        }
    }

    private void end(Op op, long offsetBytes, long lengthBytes) {
        ended(op, offsetBytes, lengthBytes);
        scheduler.point("done", medium.name, offsetBytes, lengthBytes);
    }

    private boolean fails(Op op, long offsetBytes, long lengthBytes) {
        return watcher != null && watcher.fails(this, op, offsetBytes, lengthBytes);
    }

    private DeviceException failed(String what, long offsetBytes, long lengthBytes) {
        return new DeviceException(
                DeviceException.Kind.IO,
                what + " of " + lengthBytes + " bytes at " + offsetBytes + " on " + name() + " failed (injected)",
                null);
    }

    private void check(long offsetBytes, long lengthBytes) {
        if (offsetBytes < 0
                || lengthBytes <= 0
                || offsetBytes % SimWrite.SECTOR != 0
                || lengthBytes % SimWrite.SECTOR != 0
                || offsetBytes + lengthBytes > medium.sizeBytes) {
            throw new IllegalArgumentException(
                    "bad range on " + name() + ": " + lengthBytes + " bytes at " + offsetBytes);
        }
    }
}
