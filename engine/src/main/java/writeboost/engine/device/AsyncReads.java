package writeboost.engine.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Many reads that are handed to the kernel in one call and waited for in another: Linux's asynchronous I/O (io_setup(2),
 * io_submit(2), io_getevents(2); structures of linux/aio_abi.h). A single thread keeps an SSD as busy with it as sixteen do that
 * each read one place at a time, and no thread has to be woken for each of them.
 *
 * <p>Invariants:
 * <ol>
 *   <li>{@link #read} returns only when the kernel has let go of every buffer that it was given: until then nobody else may
 *       have that memory.
 *   <li>A place counts as read only if the kernel said that all of its bytes were.
 * </ol>
 *
 * <p>Asynchronous only with O_DIRECT. One thread at a time.
 */
final class AsyncReads {
    private static final int REQUEST_BYTES = 64;
    private static final int POINTER_BYTES = 8;
    private static final int EVENT_BYTES = 32;

    private static final int POINTERS_AT = ReadList.MAX_PLACES * REQUEST_BYTES;
    private static final int EVENTS_AT = POINTERS_AT + ReadList.MAX_PLACES * POINTER_BYTES;
    private static final int MEMORY_BYTES = EVENTS_AT + ReadList.MAX_PLACES * EVENT_BYTES;

    /** Offsets of struct iocb; what is not named stays 0, and 0 is IOCB_CMD_PREAD. */
    private static final int DATA = 0;

    private static final int DESCRIPTOR = 20;
    private static final int BUFFER = 24;
    private static final int LENGTH = 32;
    private static final int OFFSET = 40;

    /** Offset of struct io_event; its first field is the data of the iocb. */
    private static final int RESULT = 16;

    private final LibC libc;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_BYTES).order(ByteOrder.nativeOrder());
    private final long address = LibC.address(memory);
    private long context;

    private AsyncReads(LibC libc) {
        this.libc = libc;
        for (int i = 0; i < ReadList.MAX_PLACES; i++) {
            memory.putLong(POINTERS_AT + i * POINTER_BYTES, address + (long) i * REQUEST_BYTES);
        }
    }

    /** Makes one; null if the kernel has none, or none left. */
    static @Nullable AsyncReads open(LibC libc) {
        AsyncReads reads = new AsyncReads(libc);
        // The kernel writes the number of the context into memory that must be 0 before.
        if (libc.ioSetup(ReadList.MAX_PLACES, reads.address) < 0) {
            return null;
        }
        reads.context = reads.memory.getLong(0);
        return reads;
    }

    /** Reads all places of a list, as many at a time as the device takes. What could not be read is left as not read. */
    void read(int fd, ReadList list) {
        long into = LibC.address(list.into());
        for (int i = 0; i < list.size(); i++) {
            int at = i * REQUEST_BYTES;
            memory.putLong(at + DATA, i)
                    .putInt(at + DESCRIPTOR, fd)
                    .putLong(at + BUFFER, into + list.at(i))
                    .putLong(at + LENGTH, list.lengthBytes(i))
                    .putLong(at + OFFSET, list.offsetBytes(i));
        }
        await(submit(list.size()), list);
    }

    /** Returns how many the kernel took. */
    private int submit(int count) {
        int taken = 0;
        while (taken < count) {
            int more = libc.ioSubmit(context, count - taken, address + POINTERS_AT + (long) taken * POINTER_BYTES);
            if (more <= 0) {
                return taken; // it has no memory for more, or dislikes this one
            }
            taken += more;
        }
        return taken;
    }

    private void await(int submitted, ReadList list) {
        int left = submitted;
        while (left > 0) {
            int ended = libc.ioGetEvents(context, left, address + EVENTS_AT);
            if (ended == -Errno.EINTR) {
                continue;
            }
            if (ended < 0) {
                close(); // waits until the kernel is done with all of them; how they ended is unknown
                return;
            }
            for (int e = 0; e < ended; e++) {
                int at = EVENTS_AT + e * EVENT_BYTES;
                int i = (int) memory.getLong(at);
                list.ended(i, memory.getLong(at + RESULT) == list.lengthBytes(i));
            }
            left -= ended;
        }
    }

    /** Whether it can be used again. */
    boolean isOpen() {
        return context != 0;
    }

    /** Gives it back to the kernel. Idempotent. */
    void close() {
        if (context != 0) {
            libc.ioDestroy(context);
            context = 0;
        }
    }
}
