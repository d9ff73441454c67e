package writeboost.engine.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C of parts of buffers. Not thread-safe: each thread, or each holder of a lock, has its own. */
public final class Crc {
    private final CRC32C crc = new CRC32C();

    /** The checksum of a part of a buffer, whose position and limit stay as they are. */
    public int of(ByteBuffer buffer, int at, int lengthBytes) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(at + lengthBytes).position(at);
        crc.reset();
        crc.update(buffer);
        buffer.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /** The checksum of a structure that holds it itself, in 4 bytes at {@code crcAt}, which count as zero. */
    int ofStructure(ByteBuffer buffer, int at, int lengthBytes, int crcAt) {
        int kept = buffer.getInt(at + crcAt);
        buffer.putInt(at + crcAt, 0);
        int value = of(buffer, at, lengthBytes);
        buffer.putInt(at + crcAt, kept);
        return value;
    }
}
