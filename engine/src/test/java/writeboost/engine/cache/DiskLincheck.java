package writeboost.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.figures.Figures;
import writeboost.engine.log.Geometry;

/**
 * The index under the lock that guards it, with all the engine's own tasks at work: every block behaves as one variable,
 * whether its data is in a RAM buffer, in the log, under a range, on its way to the backing device, or only there.
 */
@Param(name = "block", gen = IntGen.class, conf = "0:1")
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public class DiskLincheck {
    /** Scenarios at every commit; {@code -Dlincheck.scale} multiplies them. */
    private static final int SCENARIOS = 100;

    private static final int INVOCATIONS = 20;
    private static final int BLOCK = 4096;
    private static final int SEGMENT_BLOCKS = 8;

    /** A block as a variable. */
    public static final class Model {
        private final Map<Integer, Integer> values = new HashMap<>();

        public String write(int block, int value) {
            values.put(block, value);
            return "OK";
        }

        public String zero(int block) {
            return write(block, 0);
        }

        public int read(int block) {
            return values.getOrDefault(block, 0);
        }

        public String flush() {
            return "OK";
        }

        public String move() {
            return "OK";
        }

        public String drop() {
            return "OK";
        }
    }

    private final TestPair pair = open();

    private static TestPair open() {
        try {
            return new TestPair(
                    new Unhurried(new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS))),
                    new Unhurried(new MemoryDevice("backing", 64 * BLOCK)),
                    SEGMENT_BLOCKS,
                    TestPair.QUIET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Operation(params = {"block", "value"})
    public String write(int block, int value) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        return pair.write((long) block * BLOCK, data).name();
    }

    @Operation(params = "block")
    public String zero(int block) {
        return pair.zero((long) block * BLOCK, BLOCK).name();
    }

    @Operation(params = "block")
    public int read(int block) {
        byte[] data = pair.read((long) block * BLOCK, BLOCK);
        for (byte b : data) {
            if (b != data[0]) {
                return -1; // Two versions mixed.
            }
        }
        return data[0];
    }

    @Operation
    public String flush() {
        return pair.flush().name();
    }

    /** Brings everything to the backing device. */
    @Operation
    public String move() throws IOException {
        pair.disk.flush(Progress.NONE);
        return "OK";
    }

    /** As {@link #move}, and forgets it. */
    @Operation
    public String drop() throws IOException {
        pair.disk.drop(Progress.NONE);
        return "OK";
    }

    /** After each run; the next one has a disk of its own. */
    @Validate
    public void close() throws IOException {
        pair.close();
    }

    @Test
    void everyBlockIsLinearizable() {
        StressOptions options = new StressOptions().invocationsPerIteration(INVOCATIONS);
        LinChecker.check(
                DiskLincheck.class,
                options.iterations(SCENARIOS * Integer.getInteger("lincheck.scale", 1))
                        .threads(3)
                        .actorsPerThread(3)
                        .actorsBefore(2)
                        .actorsAfter(3)
                        .sequentialSpecification(Model.class));
        new Figures("concurrency of the disk")
                .atLeast("random scenarios", SCENARIOS * Integer.getInteger("lincheck.scale", 1), SCENARIOS)
                .atLeast("runs of each on real threads", INVOCATIONS, INVOCATIONS)
                .write();
    }

    /** Takes its time, now and then: what happens meanwhile is what matters. */
    private static final class Unhurried extends ForwardingDevice {
        private static final int LONGEST_NS = 200_000;

        Unhurried(BlockDevice inner) {
            super(inner);
        }

        private static void dawdle() {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_NS));
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
            dawdle();
            super.read(offsetBytes, into);
            dawdle();
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) throws IOException {
            dawdle();
            super.write(offsetBytes, from);
        }

        @Override
        public void sync() throws IOException {
            dawdle();
            super.sync();
            dawdle();
        }
    }
}
