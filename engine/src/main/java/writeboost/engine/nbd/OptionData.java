package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the data of one option; never beyond its end, whatever the lengths in it say. */
final class OptionData {
    private final ByteBuffer data;

    /**
     * Makes one.
     *
     * @param data from position to limit exactly the option's data
     */
    OptionData(ByteBuffer data) {
        this.data = data;
    }

    int takeShort() throws OptionException {
        need(2);
        return data.getShort() & 0xFFFF;
    }

    /** Takes a count or length, unsigned on the wire; what is beyond an int is refused like all that is too large. */
    long takeInt() throws OptionException {
        need(4);
        return data.getInt() & 0xFFFFFFFFL;
    }

    /** Takes a length and so many bytes of text. */
    String takeString() throws OptionException {
        long length = takeInt();
        need(length);
        return text((int) length);
    }

    /** Takes all that is left as text. */
    String takeRest() throws OptionException {
        return text(data.remaining());
    }

    /** Checks that nothing is left. */
    void end() throws OptionException {
        if (data.hasRemaining()) {
            throw invalid("the option has " + data.remaining() + " bytes too many");
        }
    }

    private String text(int length) throws OptionException {
        if (length > Limits.STRING_BYTES_MAX) {
            throw invalid("a string of more than " + Limits.STRING_BYTES_MAX + " bytes");
        }
        ByteBuffer bytes = data.slice(data.position(), length);
        data.position(data.position() + length);
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw invalid("a string that is not UTF-8");
        }
        if (text.indexOf('\0') >= 0) {
            throw invalid("a string with a NUL character");
        }
        return text;
    }

    private void need(long bytes) throws OptionException {
        if (bytes > data.remaining()) {
            throw invalid("the option ends in the middle of a field");
        }
    }

    private static OptionException invalid(String message) {
        return new OptionException(Wire.REP_ERR_INVALID, message);
    }
}
