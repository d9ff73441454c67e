package writeboost.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;

/** A device that notes what is done with it, and lets operations wait until the test lets them go. */
public final class RecordingDevice extends ForwardingDevice {
    /** What can be done with a device. */
    public enum Kind {
        READ,
        WRITE,
        SYNC,
        DISCARD,
        ZERO,
        /** Zeroed, and to stay allocated. */
        ZERO_NO_HOLE
    }

    /** One operation; in the order in which they began. */
    public record Io(Kind kind, long offset, long length) {
        public long end() {
            return offset + length;
        }
    }

    private final List<Io> noted = new ArrayList<>(); // guarded by this, like all that follows
    private final Set<Kind> held = EnumSet.noneOf(Kind.class);
    private int waiting;
    private int releases;
    private boolean canDiscard = true;

    public RecordingDevice(BlockDevice inner) {
        super(inner);
    }

    /** From now on operations of these kinds wait at their beginning. */
    public synchronized void hold(Kind first, Kind... more) {
        held.addAll(EnumSet.of(first, more));
    }

    /** Lets everything go on that waits, and all that comes. */
    public synchronized void release() {
        held.clear();
        releases++;
        notifyAll();
    }

    /** How many operations wait now. */
    public synchronized int waiting() {
        return waiting;
    }

    /** Waits until at least so many operations wait. */
    public synchronized void awaitWaiting(int count) throws InterruptedException {
        while (waiting < count) {
            wait();
        }
    }

    /** What was done since the beginning, or since the last {@link #forget}. */
    public synchronized List<Io> noted() {
        return List.copyOf(noted);
    }

    /** The same, of one kind. */
    public List<Io> noted(Kind kind) {
        return noted().stream().filter(io -> io.kind == kind).toList();
    }

    public synchronized void forget() {
        noted.clear();
    }

    /** From now on it says that it can't discard. */
    public synchronized void cannotDiscard() {
        canDiscard = false;
    }

    private synchronized void begin(Kind kind, long offset, long length) {
        noted.add(new Io(kind, offset, length));
        boolean interrupted = false;
        int releasesBefore = releases;
        boolean waits = held.contains(kind);
        waiting += waits ? 1 : 0;
        notifyAll(); // once: two that wait must not wake each other for ever
        while (held.contains(kind) && releases == releasesBefore) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        waiting -= waits ? 1 : 0;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        begin(Kind.READ, offsetBytes, into.remaining());
        inner().read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        begin(Kind.WRITE, offsetBytes, from.remaining());
        inner().write(offsetBytes, from);
    }

    @Override
    public void sync() throws IOException {
        begin(Kind.SYNC, 0, 0);
        inner().sync();
    }

    @Override
    public synchronized boolean canDiscard() {
        return canDiscard;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        begin(Kind.DISCARD, offsetBytes, lengthBytes);
        inner().discard(offsetBytes, lengthBytes);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        begin(mayUnmap ? Kind.ZERO : Kind.ZERO_NO_HOLE, offsetBytes, lengthBytes);
        inner().zero(offsetBytes, lengthBytes, mayUnmap);
    }
}
