package writeboost.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.device.MemoryDevice;

/**
 * A device with a volatile write cache, which notes what is done with it and lets a test step in before and after each
 * call. A sync makes durable what was written before it began; what a failed sync should have covered, no later one
 * covers; a power cut leaves what is durable and what the test says.
 */
final class TapeDevice implements BlockDevice {
    /** What is done. */
    enum Op {
        READ,
        WRITE,
        SYNC
    }

    /** A call, of no range if it is a sync. */
    record Call(Op op, long offsetBytes, long lengthBytes) {
        boolean touches(long atByte) {
            return offsetBytes <= atByte && atByte < offsetBytes + lengthBytes;
        }
    }

    /** Steps in; an exception is what the call then throws. */
    @FunctionalInterface
    interface Hook {
        void on(Call call) throws IOException;
    }

    private static final class Unsynced {
        final Call call;
        final byte[] bytes;
        boolean inLimbo;

        Unsynced(Call call, byte[] bytes) {
            this.call = call;
            this.bytes = bytes;
        }
    }

    /** Runs before a call has any effect. */
    volatile Hook before = call -> {};
    /** Runs when a call has had its effect. */
    volatile Hook after = call -> {};

    private final MemoryDevice visible;
    private final MemoryDevice durable;
    private final List<Unsynced> unsynced = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    TapeDevice(String name, long sizeBytes) {
        visible = new MemoryDevice(name, sizeBytes);
        durable = new MemoryDevice(name, sizeBytes);
    }

    /** What was done since the last {@link #rewind}, in order of its begin. */
    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The writes among {@link #calls}. */
    List<Call> writes() {
        return calls().stream().filter(c -> c.op() == Op.WRITE).toList();
    }

    /** Forgets what was done, and takes the hooks away. */
    synchronized void rewind() {
        calls.clear();
        before = call -> {};
        after = call -> {};
    }

    /** Cuts the power: of what is not durable only the writes of this kind survive. */
    synchronized void cutPower(Predicate<Call> survives) throws IOException {
        for (Unsynced write : unsynced) {
            if (survives.test(write.call)) {
                durable.write(write.call.offsetBytes(), ByteBuffer.wrap(write.bytes));
            }
        }
        for (Unsynced write : unsynced) {
            ByteBuffer restored = ByteBuffer.allocate(write.bytes.length);
            durable.read(write.call.offsetBytes(), restored);
            visible.write(write.call.offsetBytes(), restored.flip());
        }
        unsynced.clear();
    }

    private synchronized Call note(Op op, long offsetBytes, long lengthBytes) {
        Call call = new Call(op, offsetBytes, lengthBytes);
        calls.add(call);
        return call;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        Call call = note(Op.READ, offsetBytes, into.remaining());
        before.on(call);
        visible.read(offsetBytes, into);
        after.on(call);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        Call call = note(Op.WRITE, offsetBytes, from.remaining());
        before.on(call);
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        synchronized (this) {
            visible.write(offsetBytes, ByteBuffer.wrap(bytes));
            unsynced.add(new Unsynced(call, bytes));
        }
        after.on(call);
    }

    @Override
    public void sync() throws IOException {
        Call call = note(Op.SYNC, 0, 0);
        List<Unsynced> covered;
        synchronized (this) {
            covered = unsynced.stream().filter(write -> !write.inLimbo).toList();
        }
        try {
            before.on(call);
        } catch (IOException e) {
            synchronized (this) {
                covered.forEach(write -> write.inLimbo = true);
            }
            throw e;
        }
        synchronized (this) {
            for (Unsynced write : covered) {
                if (unsynced.remove(write)) {
                    durable.write(write.call.offsetBytes(), ByteBuffer.wrap(write.bytes));
                }
            }
        }
        after.on(call);
    }

    @Override
    public String name() {
        return visible.name();
    }

    @Override
    public long sizeBytes() {
        return visible.sizeBytes();
    }

    @Override
    public int sectorBytes() {
        return visible.sectorBytes();
    }

    @Override
    public boolean canDiscard() {
        return false;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {}

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        write(offsetBytes, ByteBuffer.allocate((int) lengthBytes));
    }

    @Override
    public DeviceIdentity identity() {
        return visible.identity();
    }

    @Override
    public void close() {}
}
