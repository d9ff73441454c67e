package writeboost.engine.log;

/** The kinds of entries (docs/format.md section 4), as the bytes that they are on the device. */
public final class EntryKind {
    /** Written by a client. */
    public static final int WRITTEN = 1;
    /** Read from the backing device and kept. */
    public static final int STAGED = 2;
    /** Old data, logged anew at another place. */
    public static final int REINSERTED = 3;
    /** Known to be lost: its valid sectors read as errors until overwritten. */
    public static final int LOST = 4;
    /** A range whose content is not needed. */
    public static final int TRIM = 5;
    /** A range of zeros. */
    public static final int ZERO = 6;
    /** A range of zeros that is to stay allocated. */
    public static final int ZERO_NO_HOLE = 7;

    private EntryKind() {}

    /** Whether it is a range, which has a length and no data. */
    public static boolean isRange(int kind) {
        return kind >= TRIM;
    }

    static boolean isKnown(int kind) {
        return kind >= WRITTEN && kind <= ZERO_NO_HOLE;
    }
}
