package writeboost.engine.nbd;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import writeboost.engine.disk.Disk;

/**
 * What a handshake agreed on; constant while the connection lasts.
 *
 * @param export what is served
 * @param readOnly whether the client was told that it can't write
 * @param structured whether READ replies are structured
 * @param contexts what BLOCK_STATUS reports, in the order of its chunks
 */
record Session(Export export, boolean readOnly, boolean structured, Set<MetaContext> contexts) {
    Session {
        EnumSet<MetaContext> copy = EnumSet.noneOf(MetaContext.class);
        copy.addAll(contexts);
        contexts = Collections.unmodifiableSet(copy);
    }

    Disk disk() {
        return export.disk();
    }

    long sizeBytes() {
        return export.disk().sizeBytes();
    }

    /** The transmission flags of an export. */
    static int transmissionFlags(boolean readOnly, boolean structured) {
        int flags = Wire.FLAG_HAS_FLAGS
                | Wire.FLAG_SEND_FLUSH
                | Wire.FLAG_SEND_FUA
                | Wire.FLAG_SEND_TRIM
                | Wire.FLAG_SEND_WRITE_ZEROES
                | Wire.FLAG_CAN_MULTI_CONN
                | Wire.FLAG_SEND_CACHE
                | Wire.FLAG_SEND_FAST_ZERO;
        return flags | (readOnly ? Wire.FLAG_READ_ONLY : 0) | (structured ? Wire.FLAG_SEND_DF : 0);
    }
}
