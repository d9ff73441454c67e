package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One reply of the handshake. */
final class OptionReply {
    private final int option;
    private final int type;
    private final byte[] data;

    private OptionReply(int option, int type, byte[] data) {
        this.option = option;
        this.type = type;
        this.data = data;
    }

    int option() {
        return option;
    }

    int type() {
        return type;
    }

    byte[] data() {
        return data;
    }

    /** Takes one reply off a buffer. */
    static OptionReply parse(ByteBuffer in) {
        assertThat(in.getLong()).isEqualTo(Wire.OPTION_REPLY_MAGIC);
        int option = in.getInt();
        int type = in.getInt();
        byte[] data = new byte[in.getInt()];
        in.get(data);
        return new OptionReply(option, type, data);
    }

    /** Takes all replies off a buffer. */
    static List<OptionReply> parseAll(ByteBuffer in) {
        List<OptionReply> all = new ArrayList<>();
        while (in.hasRemaining()) {
            all.add(parse(in));
        }
        return all;
    }

    /** Whether no other reply to the option follows. */
    boolean last() {
        return type == Wire.REP_ACK || type < 0;
    }

    String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** The text after the first so many bytes. */
    String textFrom(int at) {
        return new String(data, at, data.length - at, StandardCharsets.UTF_8);
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(data);
    }
}
