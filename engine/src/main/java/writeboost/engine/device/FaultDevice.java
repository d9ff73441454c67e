package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** A device that goes wrong as it is told to: for tests, and to show what then happens. */
public final class FaultDevice extends ForwardingDevice {
    private final Tasks tasks;
    private final Monitor monitor;
    private final List<Armed> faults = new ArrayList<>(); // guarded by monitor, like the next
    private long struck;

    private static final class Armed {
        final Fault fault;
        long seen;

        Armed(Fault fault) {
            this.fault = fault;
        }

        /** Counts an operation, and tells whether the fault strikes it. */
        boolean strikes(Operation operation, long offset, long length) {
            if (!fault.matches(operation, offset, length)) {
                return false;
            }
            seen++;
            return seen >= fault.nth() && seen - fault.nth() < fault.times();
        }
    }

    /** Lets faults strike a device, which it owns from now on. */
    public FaultDevice(BlockDevice inner, Tasks tasks) {
        super(inner);
        this.tasks = tasks;
        this.monitor = tasks.newMonitor("faults of " + inner.name());
    }

    /** Arms a fault; several may strike one operation, in the order in which they were added. Any thread may call. */
    public void add(Fault fault) {
        monitor.lock();
        try {
            faults.add(new Armed(fault));
        } finally {
            monitor.unlock();
        }
    }

    /** Takes all faults away. */
    public void clear() {
        monitor.lock();
        try {
            faults.clear();
        } finally {
            monitor.unlock();
        }
    }

    /** How often a fault has struck. */
    public long struck() {
        monitor.lock();
        try {
            return struck;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        Ranges.check(this, offsetBytes, into.remaining());
        int start = into.position();
        List<Fault> striking = strike(Operation.READ, offsetBytes, into.remaining());
        Fault.Failure failure = failure(striking);
        if (failure != null) {
            throw failed(failure, Operation.READ, offsetBytes, into.remaining());
        }
        inner().read(offsetBytes, into);
        for (Fault fault : striking) {
            if (fault.effect() instanceof Fault.BitFlip flip) {
                int index = start + (int) (flip.byteOffset() - offsetBytes);
                into.put(index, (byte) (into.get(index) ^ (1 << flip.bit())));
            }
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        Ranges.check(this, offsetBytes, from.remaining());
        long lengthBytes = from.remaining();
        Fault.Failure failure = failure(strike(Operation.WRITE, offsetBytes, lengthBytes));
        if (failure == null) {
            inner().write(offsetBytes, from);
            return;
        }
        long done = Math.min(lengthBytes, failure.doneBytes());
        done -= done % sectorBytes();
        if (done > 0) {
            inner().write(offsetBytes, from.slice(from.position(), (int) done));
        }
        throw failed(failure, Operation.WRITE, offsetBytes, lengthBytes);
    }

    @Override
    public void sync() throws IOException {
        check(Operation.SYNC, 0, 0);
        inner().sync();
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        check(Operation.DISCARD, offsetBytes, lengthBytes);
        inner().discard(offsetBytes, lengthBytes);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        check(Operation.ZERO, offsetBytes, lengthBytes);
        inner().zero(offsetBytes, lengthBytes, mayUnmap);
    }

    private void check(Operation operation, long offsetBytes, long lengthBytes) throws DeviceException {
        Fault.Failure failure = failure(strike(operation, offsetBytes, lengthBytes));
        if (failure != null) {
            throw failed(failure, operation, offsetBytes, lengthBytes);
        }
    }

    /** What strikes this operation; its delays are over when this returns. */
    private List<Fault> strike(Operation operation, long offsetBytes, long lengthBytes) {
        List<Fault> striking = new ArrayList<>();
        monitor.lock();
        try {
            for (Armed armed : faults) {
                if (armed.strikes(operation, offsetBytes, lengthBytes)) {
                    striking.add(armed.fault);
                }
            }
            struck += striking.size();
        } finally {
            monitor.unlock();
        }
        for (Fault fault : striking) {
            if (fault.effect() instanceof Fault.Delay delay) {
                tasks.sleep(delay.durationNs());
            }
        }
        return striking;
    }

    private static Fault.@Nullable Failure failure(List<Fault> striking) {
        for (Fault fault : striking) {
            if (fault.effect() instanceof Fault.Failure failure) {
                return failure;
            }
        }
        return null;
    }

    private DeviceException failed(Fault.Failure failure, Operation operation, long offsetBytes, long lengthBytes) {
        return DeviceErrors.failed(
                failure.kind(),
                DeviceErrors.Action.valueOf(operation.name()),
                name(),
                offsetBytes,
                lengthBytes,
                "an injected fault");
    }
}
