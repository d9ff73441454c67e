package writeboost.engine.device;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Places of a device that are read together, each into its own part of one buffer, and how each of them ended. Reused from
 * one call to the next: nothing is allocated for a call. Belongs to one thread at a time.
 */
public final class ReadList {
    /** Places that a list takes: the blocks of a mebibyte. */
    public static final int MAX_PLACES = 256;

    private final long[] offsetBytes = new long[MAX_PLACES];
    private final int[] at = new int[MAX_PLACES];
    private final int[] lengthBytes = new int[MAX_PLACES];
    private final boolean[] read = new boolean[MAX_PLACES];
    private @Nullable ByteBuffer into;
    private int size;
    /** Where the buffer's position and limit were. */
    private int position;

    private int limit;

    /**
     * Empties the list.
     *
     * @param buffer what the next places are read into; best a direct one whose address is a multiple of 4096. Until
     *     {@link #end} its position and limit belong to the list
     */
    public void start(ByteBuffer buffer) {
        into = buffer;
        position = buffer.position();
        limit = buffer.limit();
        size = 0;
    }

    /** Lets go of the buffer, whose position and limit are again what they were. How the places ended can still be asked. */
    public void end() {
        into().limit(limit).position(position);
        into = null;
    }

    /**
     * Adds a place; at most {@link #MAX_PLACES} of them.
     *
     * @param atByte where in the buffer its content goes, whatever the buffer's position is
     */
    public void add(long placeOffsetBytes, int atByte, int placeLengthBytes) {
        offsetBytes[size] = placeOffsetBytes;
        at[size] = atByte;
        lengthBytes[size] = placeLengthBytes;
        read[size] = false;
        size++;
    }

    /** How many places there are. */
    public int size() {
        return size;
    }

    /** Where on the device place {@code i} begins, in bytes. */
    public long offsetBytes(int i) {
        return offsetBytes[i];
    }

    /** Its length in bytes. */
    public int lengthBytes(int i) {
        return lengthBytes[i];
    }

    /** Whether all of place {@code i} was read. If not, its part of the buffer has any content. */
    public boolean isRead(int i) {
        return read[i];
    }

    /** The length of all places together, in bytes. */
    public long totalBytes() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += lengthBytes[i];
        }
        return sum;
    }

    /** The buffer; its position and limit mean nothing, and may be changed. */
    ByteBuffer into() {
        ByteBuffer buffer = into;
        if (buffer == null) {
            throw new IllegalStateException("a list that was not started");
        }
        return buffer;
    }

    /** Where in the buffer the content of place {@code i} goes. */
    int at(int i) {
        return at[i];
    }

    /** The buffer, with position and limit at the part that place {@code i} is read into. */
    ByteBuffer part(int i) {
        return into().limit(at[i] + lengthBytes[i]).position(at[i]);
    }

    /** Says how place {@code i} ended. */
    void ended(int i, boolean good) {
        read[i] = good;
    }
}
