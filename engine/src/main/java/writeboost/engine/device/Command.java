package writeboost.engine.device;

import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;

/**
 * What a modelled disk is asked for, from its arrival to its end. What it asks for never changes; how far it has come is
 * noted by {@link CommandQueue}, under its monitor.
 */
final class Command {
    /** What the disk does; zeros are written. */
    enum Kind {
        READ,
        WRITE,
        FLUSH
    }

    final Kind kind;
    final long arrivedNs;
    final long offsetBytes;
    final long lengthBytes;

    /** Whether the disk has taken it: then {@code endNs} is known. */
    boolean taken;

    long endNs;
    /** Whether somebody waits for its end. */
    boolean attended;
    /** What that one waits at for its turn, if it ever had to. */
    Monitor.@Nullable Signal turn;

    Command(Kind kind, long arrivedNs, long offsetBytes, long lengthBytes) {
        this.kind = kind;
        this.arrivedNs = arrivedNs;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
    }

    long toByte() {
        return offsetBytes + lengthBytes;
    }
}
