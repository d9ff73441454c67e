package writeboost.engine.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
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

        /** What goes wrong with the call, or null. */
        SimFaults.@Nullable Fault strikes(SimDisk disk, Op op, long offsetBytes, long lengthBytes);

        /** A read of this place was overtaken: what it began to read was written anew. */
        void overtaken(SimDisk disk);
    }

    private static final long CALL_NS = 20_000;
    private static final long NS_PER_SECTOR = 500;
    private static final long SYNC_NS = 200_000;
    private static final long MIN_FREEZE_NS = 60_000_000_000L;
    private static final long MAX_FREEZE_NS = 600_000_000_000L;

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
        int version = medium.versionOf(first, count);
        point(Op.READ, offsetBytes, length);
        SimFaults.Fault fault = strikes(Op.READ, offsetBytes, length);
        if (fault != null && fault.error() != null) {
            ended(Op.READ, offsetBytes, length);
            boolean halfWay = fault.kind == FaultKind.SHORT_READ || fault.kind == FaultKind.SHORT_WRITE;
            int good = halfWay ? random.below(count) * SimWrite.SECTOR : 0;
            medium.read(first, good / SimWrite.SECTOR, bytes, 0, random);
            Arrays.fill(bytes, good, length, (byte) 0x5A);
            into.put(bytes);
            throw failed(fault, "read", offsetBytes, length);
        }
        if (medium.versionOf(first, count) != version && watcher != null) {
            watcher.overtaken(this);
        }
        medium.read(first + early, count - early, bytes, early * SimWrite.SECTOR, random);
        if (fault != null) {
            readWrongly(fault, offsetBytes, bytes);
        }
        end(Op.READ, offsetBytes, length);
        into.put(bytes);
    }

    /** One block of what was read comes from elsewhere, or from before. */
    private void readWrongly(SimFaults.Fault fault, long offsetBytes, byte[] bytes) {
        int at = random.below(bytes.length / LogMap.BLOCK + 1) * LogMap.BLOCK;
        if (offsetBytes % LogMap.BLOCK != 0 || at + LogMap.BLOCK > bytes.length) {
            return;
        }
        byte[] wrong = null;
        if (fault.kind == FaultKind.STALE_READ) {
            wrong = medium.before(offsetBytes + at);
        } else if (fault.kind == FaultKind.MISDIRECTED_READ) {
            long place = random.below(medium.sizeBytes / LogMap.BLOCK) * LogMap.BLOCK;
            wrong = medium.block(place, false);
        }
        if (wrong != null) {
            System.arraycopy(wrong, 0, bytes, at, LogMap.BLOCK);
        }
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
        write.unmaps = op == Op.DISCARD;
        point(op, offsetBytes, lengthBytes);
        SimFaults.Fault fault = strikes(op, offsetBytes, lengthBytes);
        if (fault != null && fault.error() != null) {
            if (fault.kind == FaultKind.SHORT_WRITE) {
                medium.landFirst(write, random.below(write.count));
            } else if (fault.kind == FaultKind.GONE) {
                medium.drop(write);
            } else {
                medium.fail(write, random);
            }
            ended(op, offsetBytes, lengthBytes);
            throw failed(fault, "write", offsetBytes, lengthBytes);
        }
        medium.land(write);
        end(op, offsetBytes, lengthBytes);
    }

    @Override
    public void sync() throws DeviceException {
        begin(Op.SYNC, 0, 0);
        long upTo = medium.flushBegin();
        point(Op.SYNC, 0, 0);
        SimFaults.Fault fault = strikes(Op.SYNC, 0, 0);
        if (fault != null && fault.error() != null) {
            medium.flushFailed(upTo, random);
            ended(Op.SYNC, 0, 0);
            throw failed(fault, "sync", 0, 0);
        }
        if (fault == null || fault.kind != FaultKind.LYING_FLUSH) {
            medium.flushEnd(upTo);
        }
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

    private SimFaults.@Nullable Fault strikes(Op op, long offsetBytes, long lengthBytes) {
        SimFaults.Fault fault = watcher == null ? null : watcher.strikes(this, op, offsetBytes, lengthBytes);
        if (fault != null && fault.kind == FaultKind.FREEZE) {
            scheduler.block("frozen", medium.name, MIN_FREEZE_NS + random.below(MAX_FREEZE_NS));
        }
        return fault;
    }

    private DeviceException failed(SimFaults.Fault fault, String what, long offsetBytes, long lengthBytes) {
        return new DeviceException(
                Objects.requireNonNull(fault.error()),
                what + " of " + lengthBytes + " bytes at " + offsetBytes + " on " + name() + " failed (injected: "
                        + fault.kind.label + ")",
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
