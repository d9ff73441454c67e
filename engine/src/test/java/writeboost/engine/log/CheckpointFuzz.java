package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;

/** A checkpoint of any content: no checkpoint, or one that says the same when it is written again. */
final class CheckpointFuzz extends FuzzTarget {
    private static final int LENGTH_AT = 88;

    static Stream<byte[]> seeds() {
        return StructureSeeds.of(0, 8, 12, 16, 32, 40, 48, 56, 64, 72, 80, 88, 92, 96, 100, 128, 192, 2240, 2248, 2256);
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = RUNS, maxDuration = "")
    void fuzz(byte[] input) throws Exception {
        countAndRun(input);
    }

    @Override
    public void run(byte[] input) {
        Incarnations table = new Incarnations();
        table.add(3, 50);
        table.add(4, 70);
        Fingerprint fingerprint = Fingerprint.unknown(64 << 20);
        fingerprint.set(5, 77);
        Checkpoint valid = new Checkpoint(9, 4, 70, new Marks(80, 60, 40), 1, false, table, fingerprint);
        ByteBuffer bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
        valid.encode(LogImage.CACHE, bytes, new Crc());
        FuzzInput in = new FuzzInput(input);
        int mode = in.next();
        StructureSeeds.spoilt(bytes, in);
        int length = bytes.getInt(LENGTH_AT);
        if ((mode & 1) != 0 && length > Checkpoint.CRC_AT + 4 && length <= Checkpoint.MAX_BYTES) {
            bytes.putInt(Checkpoint.CRC_AT, new Crc().ofStructure(bytes, 0, length, Checkpoint.CRC_AT));
        }
        Checkpoint.decode(LogImage.CACHE, bytes, new Crc()).ifPresent(CheckpointFuzz::check);
    }

    private static void check(Checkpoint read) {
        assertThat(read.marks().arePossible()).isTrue();
        ByteBuffer again = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
        int length = read.encode(LogImage.CACHE, again, new Crc());
        assertThat(length).isLessThanOrEqualTo(Checkpoint.MAX_BYTES);
        Checkpoint twice = Checkpoint.decode(LogImage.CACHE, again, new Crc()).orElseThrow();
        assertThat(figures(twice)).isEqualTo(figures(read));
        assertThat(twice.fingerprint()).isEqualTo(read.fingerprint());
        assertThat(twice.incarnations().size()).isEqualTo(read.incarnations().size());
        for (int i = 0; i < twice.incarnations().size(); i++) {
            assertThat(twice.incarnations().number(i))
                    .isEqualTo(read.incarnations().number(i));
            assertThat(twice.incarnations().firstSeq(i))
                    .isEqualTo(read.incarnations().firstSeq(i));
        }
    }

    private static List<Object> figures(Checkpoint c) {
        return List.of(c.generation(), c.incarnation(), c.firstSeq(), c.marks(), c.wallTimeMs(), c.clean());
    }
}
