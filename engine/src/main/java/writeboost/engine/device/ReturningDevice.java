package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * A disk that may be unplugged and come back, perhaps under another name: requests wait for it, for a while.
 *
 * <p>Invariants:
 * <ol>
 *   <li>Only a disk with the same identity that also passes the owner's check takes its place; one that is refused by that
 *       check is refused for good.
 *   <li>What was written and not yet synced when it went away may be lost: the next sync fails, whoever asks for it.
 *   <li>A request waits no longer than the patience; after it requests fail at once, until the disk is back.
 * </ol>
 */
public final class ReturningDevice implements BlockDevice {
    /** How long a request waits for a disk to come back: a cable that was pulled by mistake, a hub that resets. */
    public static final long PATIENCE_NS = 60_000_000_000L;

    /** Between two looks whether it is back. */
    private static final long LOOK_NS = 500_000_000;

    /** Opens the disk again, under whatever name it has now. */
    @FunctionalInterface
    public interface Opener {
        /** Opens it. */
        BlockDevice open() throws IOException;
    }

    /** Judges a disk that came back. */
    @FunctionalInterface
    public interface Check {
        /**
         * Throws if it must not be used although its identity is right: it was changed meanwhile.
         *
         * @throws IOException with a sentence for the user; final, if it is no {@link DeviceException}
         */
        void judge(BlockDevice returned) throws IOException;
    }

    /** Is told of comings and goings. Called without a lock, by whoever notices: must be quick. */
    public interface Listener {
        /** It went away; requests wait for it. */
        void left();

        /** It has been away for too long; requests fail until it is back. Once for each absence. */
        void missing();

        /** It is back and in use. */
        void returned();

        /** What came back must not be used. */
        void refused(String why);
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void left() {}

        @Override
        public void missing() {}

        @Override
        public void returned() {}

        @Override
        public void refused(String why) {}
    };

    /** Something done to the disk. */
    @FunctionalInterface
    private interface Call {
        void on(BlockDevice device) throws IOException;
    }

    private final Opener opener;
    private final Tasks tasks;
    private final Monitor monitor;
    private final Monitor.Signal back;
    private final String name;
    private final long sizeBytes;
    private final int sectorBytes;
    private final DeviceIdentity identity;
    private final boolean canDiscard;

    // All guarded by the monitor.
    private @Nullable BlockDevice current;
    private Check check = returned -> {};
    private Listener listener = NOBODY;
    private long goneSinceNs;
    private long lastLookNs;
    private boolean looking;
    private boolean toldMissing;
    private boolean closed;
    private @Nullable IOException refused;
    /** Changes that were begun, and of these, those that a good sync covers. */
    private long changes;

    private long synced;
    /** How often it went away with changes not synced, and how often a sync has told so. */
    private long losses;

    private long lossesTold;

    /** Begins with a device that is there; it is owned from now on, as are those that follow it. */
    public ReturningDevice(BlockDevice first, Opener opener, Tasks tasks) {
        this.opener = opener;
        this.tasks = tasks;
        current = first;
        name = first.name();
        sizeBytes = first.sizeBytes();
        sectorBytes = first.sectorBytes();
        identity = first.identity();
        canDiscard = first.canDiscard();
        monitor = tasks.newMonitor("presence of " + name);
        back = monitor.newSignal("the return of " + name);
    }

    /** Sets who judges a disk that comes back, and who is told. */
    public void follow(Check newCheck, Listener newListener) {
        monitor.lock();
        check = newCheck;
        listener = newListener;
        monitor.unlock();
    }

    /** For how long the disk has been away, in nanoseconds; 0 if it is there. Any thread. */
    public long goneNs() {
        monitor.lock();
        try {
            return current != null || closed ? 0 : Math.max(1, tasks.nanoTime() - goneSinceNs);
        } finally {
            monitor.unlock();
        }
    }

    private void call(Call call) throws IOException {
        while (true) {
            BlockDevice device = await();
            try {
                call.on(device);
                return;
            } catch (DeviceException e) {
                if (e.kind() != DeviceException.Kind.GONE || !isGone(device)) {
                    throw e;
                }
            }
        }
    }

    /** The disk, once it is there. */
    private BlockDevice await() throws IOException {
        monitor.lock();
        try {
            while (true) {
                BlockDevice device = current;
                if (closed) {
                    throw DeviceErrors.closed(name);
                }
                if (refused != null) {
                    throw new IOException(refused.getMessage(), refused);
                }
                if (device != null) {
                    return device;
                }
                long now = tasks.nanoTime();
                boolean impatient = now - goneSinceNs >= PATIENCE_NS;
                if (!looking && now - lastLookNs >= LOOK_NS) {
                    look();
                } else if (impatient) {
                    tellMissing();
                    throw new DeviceException(
                            DeviceException.Kind.GONE,
                            name + " is missing since " + (now - goneSinceNs) / 1_000_000_000 + " s",
                            null);
                } else {
                    back.await(LOOK_NS);
                }
            }
        } finally {
            monitor.unlock();
        }
    }

    /** With the monitor, which is given back meanwhile. */
    private void tellMissing() {
        if (!toldMissing) {
            toldMissing = true;
            Listener told = listener;
            monitor.unlock();
            told.missing();
            monitor.lock();
        }
    }

    /** A call on a device found it gone. Returns whether the call is to be made anew; false if we are being closed. */
    private boolean isGone(BlockDevice device) {
        Listener told;
        monitor.lock();
        try {
            if (closed) {
                return false;
            }
            if (current != device) {
                return true; // somebody noticed before
            }
            current = null;
            goneSinceNs = tasks.nanoTime();
            lastLookNs = goneSinceNs - LOOK_NS;
            toldMissing = false;
            losses += changes > synced ? 1 : 0;
            told = listener;
        } finally {
            monitor.unlock();
        }
        closeQuietly(device);
        told.left();
        return true;
    }

    /** Looks whether the disk is back. With the monitor, which is given back meanwhile. */
    private void look() {
        looking = true;
        Check judge = check;
        Listener told = listener;
        monitor.unlock();
        BlockDevice found = null;
        IOException verdict = null;
        try {
            found = opener.open();
            if (isTheSame(found)) {
                judge.judge(found);
            } else {
                closeQuietly(found);
                found = null;
            }
        } catch (IOException e) {
            // What could not be opened, or went away again, may come back later.
            boolean mayComeBack = found == null || e instanceof DeviceException;
            verdict = mayComeBack ? null : e;
            if (found != null) {
                closeQuietly(found);
                found = null;
            }
        }
        if (verdict != null) {
            told.refused(String.valueOf(verdict.getMessage()));
        } else if (found != null) {
            told.returned();
        }
        monitor.lock();
        looking = false;
        lastLookNs = tasks.nanoTime();
        refused = verdict;
        if (closed && found != null) {
            closeQuietly(found);
        } else {
            current = found;
        }
        back.raise();
    }

    private boolean isTheSame(BlockDevice found) {
        return found.identity().isSameDevice(identity)
                && found.sizeBytes() == sizeBytes
                && found.sectorBytes() == sectorBytes;
    }

    private static void closeQuietly(BlockDevice device) {
        try {
            device.close();
        } catch (IOException e) {
            // it is gone anyway
        }
    }

    private void changing(Call call) throws IOException {
        monitor.lock();
        changes++;
        monitor.unlock();
        call(call);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return sectorBytes;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        int start = into.position();
        call(device -> device.read(offsetBytes, into.position(start)));
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        int start = from.position();
        changing(device -> device.write(offsetBytes, from.position(start)));
    }

    @Override
    public void sync() throws IOException {
        monitor.lock();
        long upTo = changes;
        long before = losses;
        boolean untold = lossesTold < losses;
        lossesTold = losses;
        monitor.unlock();
        if (untold) {
            throw mayBeLost();
        }
        call(BlockDevice::sync);
        monitor.lock();
        try {
            if (losses != before) {
                throw mayBeLost(); // it was another disk that was synced in the end
            }
            synced = Math.max(synced, upTo);
        } finally {
            monitor.unlock();
        }
    }

    private DeviceException mayBeLost() {
        return new DeviceException(
                DeviceException.Kind.IO,
                name + " was away: what was written to it since its last flush may be lost",
                null);
    }

    @Override
    public boolean canDiscard() {
        return canDiscard;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        changing(device -> device.discard(offsetBytes, lengthBytes));
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        changing(device -> device.zero(offsetBytes, lengthBytes, mayUnmap));
    }

    @Override
    public DeviceIdentity identity() {
        return identity;
    }

    @Override
    public void close() throws IOException {
        monitor.lock();
        BlockDevice device = current;
        current = null;
        closed = true;
        back.raise();
        monitor.unlock();
        if (device != null) {
            device.close();
        }
    }
}
