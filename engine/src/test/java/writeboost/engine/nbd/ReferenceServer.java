package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import writeboost.engine.disk.DiskError;

/**
 * What the protocol asks of a server, said a second time and as plainly as can be: it reads a whole stream of requests,
 * and then judges the stream of replies of a server that answers in order, on a disk that was all zeros.
 */
final class ReferenceServer {
    private static final int REQUEST_BYTES = 28;
    private static final long PAYLOAD_MAX = 32L << 20;

    private record Expected(
            int command, int flags, long cookie, long offset, int length, DiskError error, ByteBuffer data) {}

    private final byte[] disk;
    private final boolean readOnly;
    private final boolean structured;
    private final int contexts;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private boolean orderly = true;

    ReferenceServer(int sizeBytes, boolean readOnly, boolean structured, int contexts) {
        disk = new byte[sizeBytes];
        this.readOnly = readOnly;
        this.structured = structured;
        this.contexts = contexts;
    }

    /** Whether the stream ends between two requests, or with a goodbye. */
    boolean orderly() {
        return orderly;
    }

    /** What the disk holds in the end. */
    byte[] disk() {
        return disk;
    }

    void read(byte[] stream) {
        ByteBuffer in = ByteBuffer.wrap(stream);
        while (in.hasRemaining()) {
            if (in.remaining() < REQUEST_BYTES || in.getInt() != 0x25609513) {
                orderly = false;
                return;
            }
            int flags = in.getShort() & 0xFFFF;
            int command = in.getShort() & 0xFFFF;
            long cookie = in.getLong();
            long offset = in.getLong();
            long length = in.getInt() & 0xFFFFFFFFL;
            if (command == 2) {
                return;
            }
            if (command == 1 && (length > PAYLOAD_MAX || length > in.remaining())) {
                orderly = false;
                return;
            }
            byte[] payload = new byte[command == 1 ? (int) length : 0];
            in.get(payload);
            take(flags, command, cookie, offset, length, payload);
        }
    }

    private void take(int flags, int command, long cookie, long offset, long length, byte[] payload) {
        DiskError error = judge(flags, command, offset, length);
        byte[] data = {};
        if (error == DiskError.OK) {
            int from = (int) offset;
            int to = (int) (offset + length);
            switch (command) {
                case 0 -> data = Arrays.copyOfRange(disk, from, to);
                case 1 -> System.arraycopy(payload, 0, disk, from, payload.length);
                case 4, 6 -> Arrays.fill(disk, from, to, (byte) 0);
                default -> {}
            }
        }
        expected.add(new Expected(command, flags, cookie, offset, (int) length, error, ByteBuffer.wrap(data)));
    }

    private DiskError judge(int flags, int command, long offset, long length) {
        int known = switch (command) {
            case 0 -> structured ? 0b101 : 0b1;
            case 1, 3, 4, 5 -> 0b1;
            case 6 -> 0b10011;
            case 7 -> 0b1001;
            default -> -1;
        };
        if (known < 0 || (flags & ~known) != 0) {
            return DiskError.EINVAL;
        }
        boolean writes = command == 1 || command == 4 || command == 6;
        if (writes && readOnly) {
            return DiskError.EPERM;
        }
        if (command == 3) {
            return offset == 0 && length == 0 ? DiskError.OK : DiskError.EINVAL;
        }
        if (command == 7 && (contexts == 0 || length == 0)) {
            return DiskError.EINVAL;
        }
        boolean inside = offset >= 0 && offset <= disk.length && length <= disk.length - offset;
        if (!inside) {
            return command == 1 || command == 6 ? DiskError.ENOSPC : DiskError.EINVAL;
        }
        return DiskError.OK;
    }

    /** Fails unless these are the replies to what was read, all of them and nothing else. */
    void checkReplies(byte[] replies) {
        ByteBuffer in = ByteBuffer.wrap(replies);
        for (Expected e : expected) {
            if (structured && (e.command == 0 || e.command == 7)) {
                checkStructured(e, in);
            } else {
                require(in.getInt() == 0x67446698, "a simple reply");
                require(in.getInt() == e.error.number(), "the error of a simple reply");
                require(in.getLong() == e.cookie, "the cookie of a simple reply");
                checkData(in, e.data);
            }
        }
        require(!in.hasRemaining(), "no reply that nobody asked for");
    }

    /** As an assertion, but hundreds of times as fast: a fuzzer makes millions. */
    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("expected " + what);
        }
    }

    private static void checkData(ByteBuffer in, ByteBuffer data) {
        int length = data.remaining();
        require(in.slice(in.position(), length).equals(data), "the data that was written");
        in.position(in.position() + length);
    }

    private void checkStructured(Expected e, ByteBuffer in) {
        boolean ok = e.error == DiskError.OK;
        int chunks = ok && e.command == 7 ? contexts : 1;
        for (int i = 1; i <= chunks; i++) {
            require(in.getInt() == 0x668E33EF, "a structured reply");
            require(in.getShort() == (i == chunks ? 1 : 0), "DONE on the last chunk only");
            int type = in.getShort() & 0xFFFF;
            require(in.getLong() == e.cookie, "the cookie of a structured reply");
            ByteBuffer chunk = in.slice(in.position() + 4, in.getInt(in.position()));
            in.position(in.position() + 4 + chunk.remaining());
            if (!ok) {
                require(type == 0x8001, "an error chunk");
                require(chunk.getInt() == e.error.number(), "the error of a structured reply");
                require(chunk.getShort() == chunk.remaining() && chunk.remaining() < 4096, "a text of its length");
            } else if (e.command == 7) {
                require(type == 5, "a chunk of extents");
                checkExtents(e, chunk);
            } else if (e.length == 0) {
                require(type == 0, "a chunk without data");
            } else {
                require(type == 1, "a chunk of data");
                require(chunk.getLong() == e.offset, "the offset of the data");
                checkData(chunk, e.data);
                require(!chunk.hasRemaining(), "no more data than asked for");
            }
        }
    }

    private static void checkExtents(Expected e, ByteBuffer chunk) {
        chunk.getInt();
        int extents = chunk.remaining() / 8;
        require(extents > 0 && chunk.remaining() % 8 == 0, "extents");
        require((e.flags & 8) == 0 || extents == 1, "one extent, as asked for");
        long told = 0;
        while (chunk.hasRemaining()) {
            int length = chunk.getInt();
            require(length > 0, "an extent that is not empty");
            told += length;
            chunk.getInt();
        }
        require(told <= e.length, "extents inside the range");
    }
}
