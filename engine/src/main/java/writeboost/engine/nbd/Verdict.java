package writeboost.engine.nbd;

import writeboost.engine.disk.DiskError;

/** What the server thinks of a request before the disk sees it; the refusals are the table of the protocol's errors. */
enum Verdict {
    FINE(DiskError.OK, ""),
    UNKNOWN_COMMAND(DiskError.EINVAL, "unknown command"),
    BAD_FLAG(DiskError.EINVAL, "flag unknown, not negotiated, or not for this command"),
    PAST_END(DiskError.EINVAL, "the range reaches past the end of the disk"),
    NO_SPACE(DiskError.ENOSPC, "the range reaches past the end of the disk"),
    READ_ONLY(DiskError.EPERM, "the disk is read-only"),
    TOO_LONG(DiskError.EINVAL, "longer than 32 MiB"),
    FLUSH_RANGE(DiskError.EINVAL, "FLUSH takes no range"),
    NO_CONTEXT(DiskError.EINVAL, "no metadata context was negotiated"),
    EMPTY_STATUS(DiskError.EINVAL, "BLOCK_STATUS of an empty range");

    private final DiskError error;
    private final String text;

    Verdict(DiskError error, String text) {
        this.error = error;
        this.text = text;
    }

    /** The answer on the wire. */
    DiskError error() {
        return error;
    }

    /** For the message of a structured error; ASCII, at most {@link ReplyEncoder#TEXT_BYTES_MAX}. */
    String text() {
        return text;
    }

    /** Judges a request by the protocol and by what the connection negotiated. */
    static Verdict of(RequestHeader header, Session session) {
        int known = knownFlags(header.command, session);
        if (known < 0) {
            return UNKNOWN_COMMAND;
        }
        if ((header.flags & ~known) != 0) {
            return BAD_FLAG;
        }
        return switch (header.command) {
            case Wire.CMD_READ -> header.lengthBytes > Limits.PAYLOAD_BYTES_MAX ? TOO_LONG : inside(header, session);
            case Wire.CMD_WRITE, Wire.CMD_WRITE_ZEROES -> ofWrite(header, session, NO_SPACE);
            case Wire.CMD_TRIM -> ofWrite(header, session, PAST_END);
            case Wire.CMD_FLUSH -> (header.offsetBytes | header.lengthBytes) == 0 ? FINE : FLUSH_RANGE;
            case Wire.CMD_BLOCK_STATUS -> ofStatus(header, session);
            default -> inside(header, session);
        };
    }

    /** The flags that go with a command, or -1 if there is no such command. */
    private static int knownFlags(int command, Session session) {
        return switch (command) {
            case Wire.CMD_READ -> Wire.CMD_FLAG_FUA | (session.structured() ? Wire.CMD_FLAG_DF : 0);
            case Wire.CMD_WRITE, Wire.CMD_FLUSH, Wire.CMD_TRIM, Wire.CMD_CACHE -> Wire.CMD_FLAG_FUA;
            case Wire.CMD_WRITE_ZEROES -> Wire.CMD_FLAG_FUA | Wire.CMD_FLAG_NO_HOLE | Wire.CMD_FLAG_FAST_ZERO;
            case Wire.CMD_BLOCK_STATUS -> Wire.CMD_FLAG_FUA | Wire.CMD_FLAG_REQ_ONE;
            default -> -1;
        };
    }

    private static Verdict ofWrite(RequestHeader header, Session session, Verdict pastEnd) {
        if (session.readOnly()) {
            return READ_ONLY;
        }
        return inside(header, session) == FINE ? FINE : pastEnd;
    }

    private static Verdict ofStatus(RequestHeader header, Session session) {
        if (session.contexts().isEmpty()) {
            return NO_CONTEXT;
        }
        return header.lengthBytes == 0 ? EMPTY_STATUS : inside(header, session);
    }

    private static Verdict inside(RequestHeader header, Session session) {
        long size = session.sizeBytes();
        boolean inside = header.offsetBytes >= 0
                && header.offsetBytes <= size
                && header.lengthBytes <= size - header.offsetBytes;
        return inside ? FINE : PAST_END;
    }
}
