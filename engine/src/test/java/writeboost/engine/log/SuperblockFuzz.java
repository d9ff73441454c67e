package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;

/** A superblock of any content: refused with a reason, or read, and then written back it says the same. */
final class SuperblockFuzz extends FuzzTarget {
    private static final LogImage IMAGE = image();

    private static LogImage image() {
        try {
            return new LogImage();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> seeds() {
        return StructureSeeds.of(0, 8, 12, 16, 48, 56, 64, 68, 72, 80, 128, 130, 640, 896, 1408);
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = RUNS, maxDuration = "")
    void fuzz(byte[] input) throws Exception {
        countAndRun(input);
    }

    @Override
    public void run(byte[] input) throws Exception {
        MemoryDevice device = IMAGE.cache;
        FuzzInput in = new FuzzInput(input);
        int mode = in.next();
        ByteBuffer block = StructureSeeds.spoilt(IMAGE.superblock.encode(), in);
        if ((mode & 1) != 0) {
            block.putInt(12, new Crc().ofStructure(block, 0, Geometry.BLOCK_BYTES, 12));
        }
        device.write(0, (mode & 2) != 0 ? Blocks.allocate(1) : block.rewind());
        device.write(Geometry.secondSuperblockByteOffset(device.sizeBytes()), block.rewind());
        try {
            Superblock.read(device).ifPresent(superblock -> check(superblock, device));
        } catch (EngineException e) {
            assertThat(e.getMessage()).contains(device.name());
        }
        assertThat(Superblock.badCopies(device)).hasSizeLessThanOrEqualTo(2);
    }

    private static void check(Superblock read, MemoryDevice device) {
        assertThat(read.geometry().segments()).isPositive();
        assertThat(read.geometry().byteOffset(read.geometry().positions())).isLessThan(device.sizeBytes());
        boolean garbled = (read.backing().toString() + read.cache()).indexOf('\uFFFD') >= 0;
        if (garbled) {
            return; // Not UTF-8: it can't be written as it was.
        }
        try {
            read.write(device);
            assertThat(Superblock.read(device)).contains(read);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
