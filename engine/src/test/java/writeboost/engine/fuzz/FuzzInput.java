package writeboost.engine.fuzz;

import java.util.Arrays;

/** Takes the bytes of an input apart. Behind its end there are zeros. */
public final class FuzzInput {
    private final byte[] bytes;
    private int at;

    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether nothing is left. */
    public boolean isEmpty() {
        return at >= bytes.length;
    }

    /** 0..255. */
    public int next() {
        return at < bytes.length ? bytes[at++] & 0xFF : 0;
    }

    /** 0..65535. */
    public int nextShort() {
        return (next() << 8) | next();
    }

    /** Any int. */
    public int nextInt() {
        return (nextShort() << 16) | nextShort();
    }

    /** Any long. */
    public long nextLong() {
        return ((long) nextInt() << 32) | (nextInt() & 0xFFFFFFFFL);
    }

    /** The next bytes, as many as there are up to a number. */
    public byte[] take(int most) {
        int end = Math.min(bytes.length, at + most);
        byte[] taken = Arrays.copyOfRange(bytes, Math.min(at, end), end);
        at = end;
        return taken;
    }

    /** All that is left. */
    public byte[] rest() {
        return take(Integer.MAX_VALUE - at);
    }
}
