package writeboost.engine.log;

import java.util.stream.Stream;

/** Ways to spoil a {@link FuzzImage} that are known to matter. */
public final class FuzzImageSeeds {
    private FuzzImageSeeds() {}

    public static Stream<byte[]> all() {
        return Stream.of(
                new byte[] {},
                // A flipped byte in the first superblock, then in both.
                bytes(0, 28, 0, 16, 9),
                bytes(0, 28, 0, 16, 9, 0, 29, 0, 16, 9),
                // A header gone: the newest, one with a copy, two neighbours.
                bytes(2, 26),
                bytes(2, 8),
                bytes(2, 8, 2, 10),
                // Data of a chunk above durable, and below.
                bytes(0, 27, 1, 0, 1),
                bytes(0, 9, 1, 0, 1),
                // All checkpoints gone; the newest only.
                bytes(2, 30, 2, 31, 2, 32, 2, 33),
                bytes(2, 32, 2, 33),
                // A header in the place of another one.
                bytes(3, 4, 8),
                // Hostile: marks, counts, lengths and addresses that can't be, under checksums that fit.
                bytes(129, 26, 0, 80, 7, 255, 255, 255, 255, 255, 255, 255, 127),
                bytes(129, 26, 0, 48, 7, 255, 255, 255, 255, 255, 255, 255, 127),
                bytes(129, 26, 0, 72, 7, 255, 255, 255, 127, 255, 255, 255, 127),
                bytes(129, 32, 0, 56, 7, 255, 255, 255, 255, 255, 255, 0, 0),
                bytes(129, 32, 0, 96, 3, 255, 255, 255, 127),
                bytes(129, 28, 0, 64, 3, 1, 0, 0, 0),
                // Found: chunk 1 says that it lies in a segment far ahead, whose place is that of chunk 2.
                bytes(160, 0, 0, 33, 255));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
