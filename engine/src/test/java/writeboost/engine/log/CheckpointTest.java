package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final UUID CACHE = new UUID(11, 22);

    private final Crc crc = new Crc();
    private final ByteBuffer bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);

    private static Checkpoint withIncarnations(int count) {
        Incarnations table = new Incarnations();
        for (int i = 1; i <= count; i++) {
            table.add(i, 10L * i);
        }
        Fingerprint fingerprint = Fingerprint.unknown(40 << 20);
        for (int i = 0; i < fingerprint.blocks(); i += 3) {
            fingerprint.set(i, i * 77777);
        }
        return new Checkpoint(
                9, count, 10L * count, new Marks(300, 200, 100), 12345, count % 2 == 0, table, fingerprint);
    }

    private static void assertSame(Checkpoint read, Checkpoint written) {
        Checkpoint withSameTable = new Checkpoint(
                read.generation(),
                read.incarnation(),
                read.firstSeq(),
                read.marks(),
                read.wallTimeMs(),
                read.clean(),
                written.incarnations(),
                read.fingerprint());
        assertThat(withSameTable).isEqualTo(written);
        assertThat(read.incarnations().size()).isEqualTo(written.incarnations().size());
        for (int i = 0; i < read.incarnations().size(); i++) {
            assertThat(read.incarnations().number(i))
                    .isEqualTo(written.incarnations().number(i));
            assertThat(read.incarnations().firstSeq(i))
                    .isEqualTo(written.incarnations().firstSeq(i));
        }
    }

    @Test
    void whatIsWrittenIsReadWhateverItsLength() {
        for (int count : new int[] {1, 2, 116, 117, 1000, Checkpoint.MAX_INCARNATIONS}) {
            Checkpoint written = withIncarnations(count);
            int length = written.encode(CACHE, bytes, crc);
            assertThat(length % Geometry.BLOCK_BYTES).isZero();
            assertThat(length).isLessThanOrEqualTo(Checkpoint.MAX_BYTES);
            assertSame(Checkpoint.decode(CACHE, bytes, crc).orElseThrow(), written);
        }
    }

    @Test
    void aShortOneOverALongOneIsNotConfusedByWhatIsLeft() {
        withIncarnations(1000).encode(CACHE, bytes, crc);
        withIncarnations(3).encode(CACHE, bytes, crc);
        assertSame(Checkpoint.decode(CACHE, bytes, crc).orElseThrow(), withIncarnations(3));
    }

    @Test
    void moreIncarnationsThanFitAreRefused() {
        Checkpoint tooMany = withIncarnations(Checkpoint.MAX_INCARNATIONS + 1);
        assertThatThrownBy(() -> tooMany.encode(CACHE, bytes, crc)).hasMessageContaining("incarnations");
    }

    @Test
    void everyFlippedByteIsRejected() {
        int length = withIncarnations(120).encode(CACHE, bytes, crc);
        for (int at = 0; at < length; at++) {
            byte right = bytes.get(at);
            bytes.put(at, (byte) (right ^ (1 << at % 8)));
            assertThat(Checkpoint.decode(CACHE, bytes, crc)).as("byte %s", at).isEmpty();
            bytes.put(at, right);
        }
        assertThat(Checkpoint.decode(CACHE, bytes, crc)).isPresent();
    }

    @Test
    void thatOfAnotherCacheIsRejected() {
        withIncarnations(2).encode(CACHE, bytes, crc);
        assertThat(Checkpoint.decode(new UUID(11, 23), bytes, crc)).isEmpty();
    }

    @Test
    void anotherVersionIsRejected() {
        int length = withIncarnations(2).encode(CACHE, bytes, crc);
        bytes.putInt(8, 2);
        bytes.putInt(12, crc.ofStructure(bytes, 0, length, 12));
        assertThat(Checkpoint.decode(CACHE, bytes, crc)).isEmpty();
    }

    @Test
    void impossibleNumbersWithARightChecksumAreRejected() {
        int[][] fieldsAndValues = {
            {96, -1}, {96, 117}, {96, Integer.MAX_VALUE}, {100, -1}, {100, 513}, {100, Integer.MIN_VALUE}
        };
        for (int[] change : fieldsAndValues) {
            int length = withIncarnations(2).encode(CACHE, bytes, crc);
            bytes.putInt(change[0], change[1]);
            bytes.putInt(12, crc.ofStructure(bytes, 0, length, 12));
            assertThat(Checkpoint.decode(CACHE, bytes, crc))
                    .as("%s at %s", change[1], change[0])
                    .isEmpty();
        }
        long[][] marks = {{199, 200, 100}, {300, 98, 100}, {300, 200, 0}, {-1, -1, 0}, {300, 200, Long.MIN_VALUE}};
        for (long[] m : marks) {
            int length = withIncarnations(2).encode(CACHE, bytes, crc);
            bytes.putLong(56, m[0]).putLong(64, m[1]).putLong(72, m[2]);
            bytes.putInt(12, crc.ofStructure(bytes, 0, length, 12));
            assertThat(Checkpoint.decode(CACHE, bytes, crc))
                    .as("oldest %s", m[2])
                    .isEmpty();
        }
        for (int length : new int[] {0, -4096, 1, 4095, 36864, Integer.MAX_VALUE - 4095, Integer.MIN_VALUE}) {
            withIncarnations(2).encode(CACHE, bytes, crc);
            bytes.putInt(88, length);
            assertThat(Checkpoint.decode(CACHE, bytes, crc))
                    .as("length %s", length)
                    .isEmpty();
        }
    }

    @Test
    void noiseIsRejectedQuietly() {
        Random random = new Random(3);
        byte[] noise = new byte[bytes.capacity()];
        for (int run = 0; run < 300; run++) {
            random.nextBytes(noise);
            withIncarnations(2).encode(CACHE, bytes, crc);
            bytes.put(32, noise, 0, random.nextInt(4096 - 32));
            if (random.nextBoolean()) {
                bytes.putInt(88, 4096);
                bytes.putInt(96, random.nextInt(200));
                bytes.putInt(100, random.nextInt(600));
                bytes.putInt(12, crc.ofStructure(bytes, 0, 4096, 12));
            }
            Checkpoint.decode(CACHE, bytes, crc).ifPresent(c -> {
                assertThat(c.fingerprint().blocks()).isLessThanOrEqualTo(Fingerprint.MAX_BLOCKS);
                assertThat(c.incarnations().size()).isLessThanOrEqualTo(116);
            });
        }
    }
}
