package writeboost.engine.nbd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Gathers what the handshake answers. Bounded by its caller: sent at {@link Limits#HANDSHAKE_REPLY_BYTES}. */
final class OptionReplies {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

    /** Adds bytes as they are. */
    void raw(ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        bytes.writeBytes(copy);
    }

    /** Adds a reply without data. */
    void reply(int option, int type) {
        reply(option, type, ByteBuffer.allocate(0));
    }

    /** Adds a reply whose data is {@code data} from position to limit. */
    void reply(int option, int type, ByteBuffer data) {
        raw(ByteBuffer.allocate(20)
                .putLong(Wire.OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(data.remaining())
                .flip());
        raw(data);
    }

    /** Adds an error with its text. */
    void error(int option, int type, String text) {
        reply(option, type, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds one piece of information about an export. */
    void info(int option, int kind, ByteBuffer value) {
        ByteBuffer data = ByteBuffer.allocate(2 + value.remaining())
                .putShort((short) kind)
                .put(value);
        reply(option, Wire.REP_INFO, data.flip());
    }

    /** How much was gathered. */
    int bytes() {
        return bytes.size();
    }

    /** Hands out what was gathered, and begins anew. */
    ByteBuffer take() {
        ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
        bytes.reset();
        return all;
    }
}
