package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.Disk.ExtentSink;
import writeboost.engine.error.Invariant;

/** Writes the reply of BLOCK_STATUS, one chunk per context, into a buffer; reused, for one thread. */
final class StatusReply implements ExtentSink {
    private static final int EXTENT_BYTES = 8;
    private static final int CHUNK_BYTES = Wire.CHUNK_HEADER_BYTES + 4;

    private final Session session;
    private @Nullable ByteBuffer out;
    private long leftBytes;
    private int leftExtents;

    StatusReply(Session session) {
        this.session = session;
    }

    /** What {@link #write} puts at the most. */
    int bytesMax(int extentsMax) {
        return session.contexts().size() * (CHUNK_BYTES + extentsMax * EXTENT_BYTES);
    }

    /**
     * Writes the whole reply from {@code buffer}'s position on.
     *
     * @param lengthBytes at least 1, inside the disk
     * @param extentsMax at least 1, for each context
     */
    void write(long cookie, long offsetBytes, long lengthBytes, int extentsMax, ByteBuffer buffer) {
        out = buffer;
        Disk disk = session.disk();
        int chunks = session.contexts().size();
        for (MetaContext context : session.contexts()) {
            int at = buffer.position();
            buffer.position(at + Wire.CHUNK_HEADER_BYTES);
            buffer.putInt(context.id());
            leftBytes = lengthBytes;
            leftExtents = extentsMax;
            disk.status(context.status(), offsetBytes, lengthBytes, extentsMax, this);
            Invariant.check(leftExtents < extentsMax, "a disk tells at least one extent");
            int end = buffer.position();
            int flags = --chunks == 0 ? Wire.CHUNK_FLAG_DONE : 0;
            buffer.position(at);
            ReplyEncoder.chunk(buffer, flags, Wire.CHUNK_BLOCK_STATUS, cookie, end - at - Wire.CHUNK_HEADER_BYTES);
            buffer.position(end);
        }
        out = null;
    }

    @Override
    public void extent(long lengthBytes, int state) {
        ByteBuffer target = Objects.requireNonNull(out, "extents are told only while asked for");
        Invariant.check(leftExtents > 0, "a disk tells no more extents than asked for");
        Invariant.check(lengthBytes > 0 && lengthBytes <= leftBytes, "an extent is not empty and inside the range");
        leftBytes -= lengthBytes;
        leftExtents--;
        target.putInt((int) lengthBytes).putInt(state);
    }
}
