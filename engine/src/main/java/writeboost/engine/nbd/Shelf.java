package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the {@link BufferPool} keeps buffers of one kind. The pool calls, with its monitor. */
interface Shelf {
    /** A buffer of exactly this capacity, or null if none lies here. */
    @Nullable ByteBuffer take(int capacity);

    /** Takes back what was taken here. */
    void give(ByteBuffer buffer);

    /**
     * Lets one piece of memory go back to the system, of which nothing is out; there must be one.
     *
     * @return its bytes
     */
    int dropOne();

    /** Memory that can go back to the system, for nothing of it is out. */
    long idleBytes();

    /** All memory that is kept from the system: what is out, what lies idle, and what can't go because of a neighbour. */
    long heldBytes();
}
