package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.error.Invariant;

/** Turns ended requests into replies: structured ones for READ and BLOCK_STATUS if negotiated, else simple ones. */
final class ReplyEncoder {
    /** What {@link #encode} puts at the most: an error chunk with the longest of our texts. */
    static final int BYTES_MAX = 256;
    /** The longest text of an error. */
    static final int TEXT_BYTES_MAX = 200;

    private final boolean structured;

    ReplyEncoder(boolean structured) {
        this.structured = structured;
    }

    /**
     * Puts the head of a reply.
     *
     * @return the data that follows it, or null
     */
    @Nullable ByteBuffer encode(NbdRequest request, ByteBuffer out) {
        boolean ok = request.error == DiskError.OK;
        if (request.command == Wire.CMD_BLOCK_STATUS && ok) {
            return request.data; // Chunks, ready made.
        }
        boolean isRead = request.command == Wire.CMD_READ;
        if (structured && (isRead || request.command == Wire.CMD_BLOCK_STATUS)) {
            return structured(request, ok, out);
        }
        out.putInt(Wire.SIMPLE_REPLY_MAGIC).putInt(request.error.number()).putLong(request.cookie);
        return isRead && ok ? request.data : null;
    }

    private static @Nullable ByteBuffer structured(NbdRequest request, boolean ok, ByteBuffer out) {
        if (!ok) {
            String why = request.text.isEmpty() ? "the disk answers " + request.error : request.text;
            byte[] text = why.getBytes(StandardCharsets.US_ASCII);
            Invariant.check(text.length <= TEXT_BYTES_MAX, "an error's text is short");
            chunk(out, Wire.CHUNK_FLAG_DONE, Wire.CHUNK_ERROR, request.cookie, 6 + text.length);
            out.putInt(request.error.number()).putShort((short) text.length).put(text);
            return null;
        }
        if (request.lengthBytes == 0) {
            chunk(out, Wire.CHUNK_FLAG_DONE, Wire.CHUNK_NONE, request.cookie, 0);
            return null;
        }
        int length = 8 + (int) request.lengthBytes;
        chunk(out, Wire.CHUNK_FLAG_DONE, Wire.CHUNK_OFFSET_DATA, request.cookie, length);
        out.putLong(request.offsetBytes);
        return request.data;
    }

    /** Puts the head of a chunk. */
    static void chunk(ByteBuffer out, int flags, int type, long cookie, int length) {
        out.putInt(Wire.STRUCTURED_REPLY_MAGIC)
                .putShort((short) flags)
                .putShort((short) type)
                .putLong(cookie)
                .putInt(length);
    }
}
