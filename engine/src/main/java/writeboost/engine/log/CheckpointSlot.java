package writeboost.engine.log;

import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the checkpoint slots, as read.
 *
 * @param index 0..3
 * @param byteOffset where it begins on the device
 * @param bytes what it holds, from its position to its limit; null if it can't be read
 * @param checkpoint null if it holds no valid one
 */
public record CheckpointSlot(
        int index,
        long byteOffset,
        @Nullable ByteBuffer bytes,
        @Nullable Checkpoint checkpoint) {
    private static final int GENERATION_AT = 32;

    /** Generation of the checkpoint; -1 if it holds no valid one. */
    public long generation() {
        return checkpoint == null ? -1 : checkpoint.generation();
    }

    /** Whether another reading found the same content, or could not read it either. */
    public boolean isSame(CheckpointSlot other) {
        return Objects.equals(bytes, other.bytes);
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
     * Whether this looks like a write of {@code newer} that was cut short, over a checkpoint that was two generations older:
     * each sector is new, or is recognised as old. The first by its generation, which differs, together with the checksum,
     * from the new one; another by being the same as in a slot of the generation between. A single wrong byte is never
     * taken for an old sector.
     */
    public boolean isCutShort(CheckpointSlot newer, List<CheckpointSlot> between) {
        ByteBuffer b = bytes;
        ByteBuffer n = newer.bytes;
        if (b == null || n == null) {
            return false;
        }
        boolean firstIsOld = b.getLong(0) == n.getLong(0)
                && b.getLong(GENERATION_AT) == newer.generation() - 2
                && b.getInt(Checkpoint.CRC_AT) != n.getInt(Checkpoint.CRC_AT);
        if (!firstIsOld && differentBytes(0, newer) > 0) {
            return false;
        }
        for (int at = SECTOR_BYTES; at < b.limit() && !firstIsOld; at += SECTOR_BYTES) {
            int sector = at;
            int different = differentBytes(at, newer);
            boolean isOld = different > 1 && between.stream().anyMatch(slot -> differentBytes(sector, slot) == 0);
            if (different > 0 && !isOld) {
                return false;
            }
        }
        return true;
    }

    private int differentBytes(int sectorAt, CheckpointSlot other) {
        ByteBuffer a = bytes;
        ByteBuffer b = other.bytes;
        int different = 0;
        for (int i = sectorAt; i < sectorAt + SECTOR_BYTES; i++) {
            different += a == null || b == null || a.get(i) != b.get(i) ? 1 : 0;
        }
        return different;
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
