package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Buffers of one size, each with memory of its own. The one that was given back last goes first: it may still be in a cache. */
final class SingleBuffers implements Shelf {
    private final int capacity;
    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private int held;

    SingleBuffers(int capacity) {
        this.capacity = capacity;
    }

    /** Counts a new buffer, that is out. */
    void made() {
        held++;
    }

    @Override
    public @Nullable ByteBuffer take(int wanted) {
        return idle.pollLast();
    }

    @Override
    public void give(ByteBuffer buffer) {
        idle.addLast(buffer);
    }

    @Override
    public int dropOne() {
        idle.removeFirst();
        held--;
        return capacity;
    }

    @Override
    public long idleBytes() {
        return (long) idle.size() * capacity;
    }

    @Override
    public long heldBytes() {
        return (long) held * capacity;
    }
}
