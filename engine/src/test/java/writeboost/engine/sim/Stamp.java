package writeboost.engine.sim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The content of a sector as clients write it: each of its 64 words names version, sector and its own place, so that a
 * single word tells a stale, a foreign and a mixed sector apart, and any other content is recognized as none of ours.
 */
final class Stamp {
    static final int SECTOR = SimWrite.SECTOR;
    private static final int WORDS = SECTOR / 8;
    private static final long MASK = 0xA5C3_96E1_7B2D_4F08L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Stamp() {}

    private static long word(int sector, int version, int index) {
        return (((long) version << 32) | ((long) (sector & 0xFF_FFFF) << 8) | index) ^ MASK;
    }

    /** Fills one sector. */
    static void fill(byte[] into, int at, int sector, int version) {
        for (int i = 0; i < WORDS; i++) {
            LONGS.set(into, at + 8 * i, word(sector, version, i));
        }
    }

    /** Whether a sector is exactly this version of this sector. */
    static boolean matches(byte[] from, int at, int sector, int version) {
        for (int i = 0; i < WORDS; i++) {
            if ((long) LONGS.get(from, at + 8 * i) != word(sector, version, i)) {
                return false;
            }
        }
        return true;
    }

    static boolean isZero(byte[] from, int at) {
        for (int i = 0; i < WORDS; i++) {
            if ((long) LONGS.get(from, at + 8 * i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The version that the first word names, if it is a word of this sector, else -1. */
    static int version(byte[] from, int at, int sector) {
        long first = (long) LONGS.get(from, at) ^ MASK;
        return (first & 0xFFFF_FFFFL) == ((long) (sector & 0xFF_FFFF) << 8) ? (int) (first >>> 32) : -1;
    }

    /** Whether a sector is, from its first to its last word, a version of another sector. */
    static boolean isForeign(byte[] from, int at, int sector) {
        long first = (long) LONGS.get(from, at) ^ MASK;
        int other = (int) (first >>> 8) & 0xFF_FFFF;
        return other != sector && matches(from, at, other, (int) (first >>> 32));
    }

    /** Says in words what a sector holds. */
    static String describe(byte[] from, int at, int sectors) {
        if (isZero(from, at)) {
            return "zeros";
        }
        StringBuilder text = new StringBuilder();
        String last = "";
        for (int i = 0; i < WORDS; i++) {
            String one = describeWord((long) LONGS.get(from, at + 8 * i), i, sectors);
            if (!one.equals(last)) {
                text.append(text.length() == 0 ? "" : ", ")
                        .append("from byte ")
                        .append(8 * i)
                        .append(": ")
                        .append(one);
                last = one;
            }
        }
        return text.length() < 600 ? text.toString() : text.substring(0, 600) + "...";
    }

    private static String describeWord(long word, int index, int sectors) {
        if (word == 0) {
            return "zeros";
        }
        long plain = word ^ MASK;
        int sector = (int) (plain >>> 8) & 0xFF_FFFF;
        if ((plain & 0xFF) != index || sector >= sectors) {
            return "no word of ours";
        }
        return "version " + (plain >>> 32) + " of sector " + sector;
    }
}
