package writeboost.engine.device;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk, or a file that stands for one. Offsets and lengths are in bytes and multiples of {@link #sectorBytes()},
 * inside the device; anything else is the caller's mistake ({@link IllegalArgumentException}, nothing done).
 *
 * <p>A write that returned is seen by every later read, and survives a power cut once a {@link #sync()} that began after
 * it has returned. A write that failed may have changed any of its sectors. After a failed sync it is unknown which of
 * the writes since the last good one will survive, whatever later syncs say. Each sector is old or new after a power cut,
 * never mixed.
 *
 * <p>Any thread may call, several at once. Threads that call must not be interrupted.
 */
public interface BlockDevice extends Closeable {
    /** What messages call it: its path. */
    String name();

    /** Size in bytes; a multiple of {@link #sectorBytes()}. Constant while open. */
    long sizeBytes();

    /** Size of the smallest unit of I/O, in bytes: 512 or 4096. */
    int sectorBytes();

    /**
     * Reads until {@code into} is full, from its position to its limit; its position ends at its limit.
     *
     * @param into best a direct buffer whose address is a multiple of 4096; others are copied where the device demands it
     * @throws DeviceException if not everything could be read; the buffer's content is then undefined
     */
    void read(long offsetBytes, ByteBuffer into) throws IOException;

    /**
     * Reads all places of a list; the list tells how each of them ended. Devices that can do so read them at the same time.
     *
     * @throws IOException if none of them could be tried
     */
    default void readAll(ReadList list) throws IOException {
        for (int i = 0; i < list.size(); i++) {
            boolean good = true;
            try {
                read(list.offsetBytes(i), list.part(i));
            } catch (IOException e) {
                good = false;
            }
            list.ended(i, good);
        }
    }

    /**
     * Writes what is left in {@code from}; its position ends at its limit.
     *
     * @throws DeviceException if not everything could be written
     */
    void write(long offsetBytes, ByteBuffer from) throws IOException;

    /**
     * Makes every write that returned before this call durable.
     *
     * @throws DeviceException if that is not sure
     */
    void sync() throws IOException;

    /** Whether {@link #discard} does anything. */
    boolean canDiscard();

    /** Tells the device that the content of the range is not needed; afterwards it reads as anything. A hint. */
    void discard(long offsetBytes, long lengthBytes) throws IOException;

    /**
     * Makes the range read as zeros.
     *
     * @param mayUnmap whether the space may be given back
     */
    void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException;

    /** What tells this device from others; constant while open. */
    DeviceIdentity identity();

    /** Closes the device; does not sync. Idempotent. */
    @Override
    void close() throws IOException;
}
