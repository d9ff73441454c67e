package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one connection, fixed newstyle without TLS, as a machine that is fed bytes: it knows no socket.
 *
 * <p>Invariants: no length is believed before it is checked; nothing is kept of an option but what it negotiated;
 * every option but EXPORT_NAME gets exactly one final reply, and the next one is found wherever its data ends.
 */
final class Handshake {
    /** What the connection is to do next. */
    enum Step {
        /** Read on; nothing more can be taken from what is there. */
        MORE,
        /** Send the replies, then call again: there are so many of them already. */
        SEND,
        /** Send the replies, then serve {@link #session}. */
        TRANSMIT,
        /** Send the replies, then close: the client asked for it. */
        ABORTED,
        /** Close: the client broke the protocol, or a limit; {@link #reason} tells. */
        REFUSED
    }

    private final OptionHandler handler;
    private boolean flagsTaken;
    private boolean noZeroes;
    private int optionCount;
    private long skipBytes;
    private String reason = "";

    /**
     * Makes one.
     *
     * @param exports what there is to choose from; asked anew for every option
     * @param admission asked for the chosen export; false if the server can take no more clients
     */
    Handshake(Supplier<Exports> exports, Predicate<Export> admission) {
        handler = new OptionHandler(exports, admission);
    }

    /** What the server says first. */
    static ByteBuffer greeting() {
        return ByteBuffer.allocate(18)
                .putLong(Wire.NBD_MAGIC)
                .putLong(Wire.OPTION_MAGIC)
                .putShort((short) (Wire.FIXED_NEWSTYLE | Wire.NO_ZEROES))
                .flip();
    }

    /** What was agreed on, after {@link Step#TRANSMIT}. */
    @Nullable Session session() {
        return handler.session();
    }

    /** Why the connection ends, after {@link Step#REFUSED}. */
    String reason() {
        return reason;
    }

    /**
     * Takes what it can from {@code in}, and adds the answers to {@code out}.
     *
     * @param in from position to limit what was received; must be able to hold an option of
     *     {@link Limits#OPTION_BYTES_MAX} and its header
     */
    Step advance(ByteBuffer in, OptionReplies out) {
        while (true) {
            int skipped = (int) Math.min(skipBytes, in.remaining());
            in.position(in.position() + skipped);
            skipBytes -= skipped;
            int needed = flagsTaken ? Wire.OPTION_HEADER_BYTES : 4;
            if (skipBytes > 0 || in.remaining() < needed) {
                return Step.MORE;
            }
            Step step = flagsTaken ? option(in, out) : clientFlags(in.getInt());
            if (step != null) {
                return step;
            }
            if (out.bytes() >= Limits.HANDSHAKE_REPLY_BYTES) {
                return Step.SEND;
            }
        }
    }

    private @Nullable Step clientFlags(int flags) {
        flagsTaken = true;
        noZeroes = (flags & Wire.NO_ZEROES) != 0;
        if ((flags & ~(Wire.FIXED_NEWSTYLE | Wire.NO_ZEROES)) != 0) {
            return refuse("the client asks for unknown handshake flags 0x" + Integer.toHexString(flags));
        }
        return null;
    }

    /** Takes one option; null: go on with the next. */
    private @Nullable Step option(ByteBuffer in, OptionReplies out) {
        int at = in.position();
        if (in.getLong(at) != Wire.OPTION_MAGIC) {
            return refuse("the client sent no NBD option where one should begin");
        }
        int option = in.getInt(at + 8);
        long length = in.getInt(at + 12) & 0xFFFFFFFFL;
        if (length > Limits.OPTION_BYTES_MAX) {
            return longOption(in, option, length, out);
        }
        if (in.remaining() < Wire.OPTION_HEADER_BYTES + length) {
            return Step.MORE;
        }
        if (++optionCount > Limits.OPTIONS_MAX) {
            return refuse("the client sent more than " + Limits.OPTIONS_MAX + " options");
        }
        int dataAt = at + Wire.OPTION_HEADER_BYTES;
        OptionData data = new OptionData(in.slice(dataAt, (int) length));
        in.position(dataAt + (int) length);
        return known(option, data, out);
    }

    private @Nullable Step known(int option, OptionData data, OptionReplies out) {
        switch (option) {
            case Wire.OPT_ABORT -> {
                out.reply(option, Wire.REP_ACK);
                return Step.ABORTED;
            }
            case Wire.OPT_EXPORT_NAME -> {
                try {
                    handler.exportName(data, noZeroes, out);
                    return Step.TRANSMIT;
                } catch (OptionException e) {
                    return refuse("EXPORT_NAME: " + e.text());
                }
            }
            default -> {
                handler.handle(option, data, out);
                return handler.session() == null ? null : Step.TRANSMIT;
            }
        }
    }

    /** An option that is longer than any that makes sense: its data is passed over. */
    private @Nullable Step longOption(ByteBuffer in, int option, long length, OptionReplies out) {
        if (length > Limits.OPTION_SKIP_BYTES_MAX || option == Wire.OPT_EXPORT_NAME) {
            return refuse("the client sent an option of " + length + " bytes");
        }
        if (++optionCount > Limits.OPTIONS_MAX) {
            return refuse("the client sent more than " + Limits.OPTIONS_MAX + " options");
        }
        in.position(in.position() + Wire.OPTION_HEADER_BYTES);
        skipBytes = length;
        if (option == Wire.OPT_ABORT) {
            out.reply(option, Wire.REP_ACK);
            return Step.ABORTED;
        }
        handler.tooLong(option, out);
        return null;
    }

    private Step refuse(String why) {
        reason = why;
        return Step.REFUSED;
    }
}
