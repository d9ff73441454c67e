package writeboost.engine.nbd;

import java.nio.ByteBuffer;

/** The fixed part of a request, as it came; reused for every request of a connection. Nothing in it is checked yet. */
final class RequestHeader {
    int flags;
    int command;
    long cookie;
    /** Unsigned. */
    long offsetBytes;
    /** 0..2^32-1. */
    long lengthBytes;

    /**
     * Takes the header at {@code in}'s position, without moving it; at least {@link Wire#REQUEST_BYTES} must remain.
     *
     * @throws NbdException if no request begins here: the stream is out of step and can't be mended
     */
    void peek(ByteBuffer in) throws NbdException {
        int at = in.position();
        if (in.getInt(at) != Wire.REQUEST_MAGIC) {
            throw new NbdException("the client sent no NBD request where one should begin");
        }
        flags = in.getShort(at + 4) & 0xFFFF;
        command = in.getShort(at + 6) & 0xFFFF;
        cookie = in.getLong(at + 8);
        offsetBytes = in.getLong(at + 16);
        lengthBytes = in.getInt(at + 24) & 0xFFFFFFFFL;
    }

    /** Bytes that follow the header. */
    long payloadBytes() {
        return command == Wire.CMD_WRITE ? lengthBytes : 0;
    }
}
