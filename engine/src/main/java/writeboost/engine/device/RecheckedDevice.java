package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * A device that is looked at again after the machine was suspended, before anything else is done with it: who took it out
 * meanwhile, and used it elsewhere, may have put it back without the kernel noticing.
 *
 * <p>Invariant: after a suspend, no call reaches the device before the owner's check has passed it; one that is refused is
 * refused for good.
 */
public final class RecheckedDevice extends ForwardingDevice {
    /** Less than this is no suspend that anybody could do something in, only the two clocks being read one after the other. */
    static final long LEAST_NS = 1_000_000_000L;

    /** Is told of the outcome; called by whoever made the call that brought on the check. */
    public interface Listener {
        /** The device is as it was left. */
        void asItWas(BlockDevice device, long suspendedNs);

        /** It must not be used. */
        void changed(String why);
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void asItWas(BlockDevice device, long suspendedNs) {}

        @Override
        public void changed(String why) {}
    };

    private final WatchedDevice watched;
    private final Tasks tasks;
    private final Monitor monitor;
    private final Monitor.Signal judged;
    private volatile long checkedAtNs;
    private volatile @Nullable IOException refused;
    // Guarded by the monitor:
    private ReturningDevice.Check check = device -> {};
    private Listener listener = NOBODY;
    private boolean judging;

    /** Owns the device from now on. */
    public RecheckedDevice(WatchedDevice inner, Tasks tasks) {
        super(inner);
        watched = inner;
        this.tasks = tasks;
        checkedAtNs = tasks.suspendedNs();
        monitor = tasks.newMonitor("suspend of " + inner.name());
        judged = monitor.newSignal("judgement of " + inner.name());
    }

    /** Sets who judges, and who is told. */
    public void follow(ReturningDevice.Check newCheck, Listener newListener) {
        monitor.lock();
        check = newCheck;
        listener = newListener;
        monitor.unlock();
    }

    /** The device below. */
    public WatchedDevice watched() {
        return watched;
    }

    private boolean isChecked() {
        return tasks.suspendedNs() - checkedAtNs < LEAST_NS;
    }

    private void prepare() throws IOException {
        if (refused == null && isChecked()) {
            return;
        }
        ReturningDevice.Check judge;
        Listener told;
        monitor.lock();
        try {
            while (judging) {
                judged.await();
            }
            IOException why = refused;
            if (why != null) {
                throw new IOException(why.getMessage(), why);
            }
            if (isChecked()) {
                return;
            }
            judging = true;
            judge = check;
            told = listener;
        } finally {
            monitor.unlock();
        }
        judge(judge, told);
    }

    /** An error of the device is no judgement: the next call brings on another check. */
    private void judge(ReturningDevice.Check judge, Listener told) throws IOException {
        long suspendedNs = tasks.suspendedNs();
        IOException verdict = null;
        boolean done = false;
        try {
            judge.judge(watched);
            done = true;
        } catch (IOException e) {
            if (e instanceof DeviceException) {
                throw e;
            }
            done = true;
            verdict = e;
        } finally {
            monitor.lock();
            long before = checkedAtNs;
            checkedAtNs = done ? suspendedNs : before;
            refused = verdict;
            judging = false;
            judged.raise();
            monitor.unlock();
            suspendedNs -= before;
        }
        if (verdict != null) {
            told.changed(String.valueOf(verdict.getMessage()));
            throw verdict;
        }
        told.asItWas(this, suspendedNs);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        prepare();
        watched.read(offsetBytes, into);
    }

    @Override
    public void readAll(ReadList list) throws IOException {
        prepare();
        watched.readAll(list);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        prepare();
        watched.write(offsetBytes, from);
    }

    @Override
    public void sync() throws IOException {
        prepare();
        watched.sync();
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        prepare();
        watched.discard(offsetBytes, lengthBytes);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        prepare();
        watched.zero(offsetBytes, lengthBytes, mayUnmap);
    }
}
