package writeboost.engine.device;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a {@link FaultDevice} is to do, and when: to those operations that touch that range, from the nth of them on, so
 * many times. Made by {@link #error}, {@link #bitFlip} or {@link #delay}, then narrowed down:
 *
 * <pre>{@code Fault.error(Kind.IO).on(Op.WRITE).from(3).times(1)}</pre>
 *
 * @param operations which; a range does not matter for SYNC
 * @param nth 1 is the first matching operation after the fault was added
 * @param times how often it strikes; {@link #STICKY} for ever
 */
public record Fault(
        Set<Operation> operations, long offsetBytes, long lengthBytes, long nth, long times, Effect effect) {
    /** For ever. */
    public static final long STICKY = Long.MAX_VALUE;

    /** What can be done to a device. */
    public enum Operation {
        READ,
        WRITE,
        SYNC,
        DISCARD,
        ZERO
    }

    /** What strikes. */
    public sealed interface Effect {}

    /**
     * The operation fails.
     *
     * @param doneBytes a write that fails has done so much of its work, in whole sectors, before
     */
    public record Failure(DeviceException.Kind kind, long doneBytes) implements Effect {}

    /** One bit is read wrongly; what is stored stays right. */
    public record BitFlip(long byteOffset, int bit) implements Effect {}

    /** The operation takes longer. */
    public record Delay(long durationNs) implements Effect {}

    public Fault {
        operations = Set.copyOf(operations);
        if (offsetBytes < 0 || lengthBytes < 0 || nth < 1 || times < 1) {
            throw new IllegalArgumentException("a fault that never strikes");
        }
    }

    private static Fault always(Set<Operation> operations, Effect effect) {
        return new Fault(operations, 0, Long.MAX_VALUE, 1, STICKY, effect);
    }

    /** Every operation fails so. */
    public static Fault error(DeviceException.Kind kind) {
        return always(EnumSet.allOf(Operation.class), new Failure(kind, 0));
    }

    /**
     * Every read of that byte has that bit wrong.
     *
     * @param bit 0..7
     */
    public static Fault bitFlip(long byteOffset, int bit) {
        return always(EnumSet.of(Operation.READ), new BitFlip(byteOffset, bit)).at(byteOffset, 1);
    }

    /** Every operation takes so much longer. */
    public static Fault delay(long durationNs) {
        return always(EnumSet.allOf(Operation.class), new Delay(durationNs));
    }

    /** Strikes only these operations. */
    public Fault on(Operation first, Operation... more) {
        return new Fault(EnumSet.of(first, more), offsetBytes, lengthBytes, nth, times, effect);
    }

    /** Strikes only operations that touch that range, and syncs. */
    public Fault at(long rangeOffsetBytes, long rangeLengthBytes) {
        return new Fault(operations, rangeOffsetBytes, rangeLengthBytes, nth, times, effect);
    }

    /** Strikes first at the nth operation that matches; 1 is the next. */
    public Fault from(long nthOperation) {
        return new Fault(operations, offsetBytes, lengthBytes, nthOperation, times, effect);
    }

    /** Strikes so many times, then never again. */
    public Fault times(long count) {
        return new Fault(operations, offsetBytes, lengthBytes, nth, count, effect);
    }

    /** A write that fails has done so much before. Only for {@link #error}. */
    public Fault afterBytes(long doneBytes) {
        if (!(effect instanceof Failure failure)) {
            throw new IllegalArgumentException("only an error can come half-way");
        }
        return new Fault(operations, offsetBytes, lengthBytes, nth, times, new Failure(failure.kind, doneBytes));
    }

    /** Whether it is about such an operation. */
    boolean matches(Operation operation, long offset, long length) {
        boolean beginsBeforeItsEnd = offset < offsetBytes || offset - offsetBytes < lengthBytes;
        boolean touches = beginsBeforeItsEnd && offsetBytes - offset < length;
        return operations.contains(operation) && (touches || operation == Operation.SYNC);
    }
}
