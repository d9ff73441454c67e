package writeboost.engine.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One of the checkpoint slots, as read.
 *
 * @param index 0..3
 * @param byteOffset where it begins on the device
 * @param bytes what it holds; null if it can't be read
 * @param checkpoint null if it holds no valid one
 */
public record CheckpointSlot(
        int index,
        long byteOffset,
        @Nullable ByteBuffer bytes,
        @Nullable Checkpoint checkpoint) {
    /** Generation of the checkpoint; -1 if it holds no valid one. */
    public long generation() {
        return checkpoint == null ? -1 : checkpoint.generation();
    }

    /** Whether another reading found the same content. */
    public boolean isSame(CheckpointSlot other) {
        return bytes != null && bytes.equals(other.bytes);
    }

    /** Whether it was never written. */
    public boolean isZero() {
        if (bytes == null) {
            return false;
        }
        for (int i = 0; i < bytes.limit(); i += 8) {
            if (bytes.getLong(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a write of a checkpoint may have been cut short here, over the one of this generation: its first sector is
     * still, by two fields that can't both be wrong by one error, the old one.
     */
    public boolean beginsLike(long generation, CheckpointSlot newer) {
        return bytes != null
                && newer.bytes != null
                && bytes.getLong(0) == newer.bytes.getLong(0)
                && bytes.getLong(32) == generation
                && bytes.getInt(12) != newer.bytes.getInt(12);
    }

    /** Which of the two slots of its generation this is: 0 is written first. */
    public int copy() {
        return index % 2;
    }

    /** Whether a checkpoint of this generation belongs here. */
    public boolean isHomeOf(long generation) {
        return index / 2 == generation % 2;
    }
}
