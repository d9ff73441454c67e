package writeboost.engine.cache;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.figures.Figures;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;

/**
 * A snapshot is a picture of one instant while writers run: its figures fit each other and what was written before, and
 * stay as they were. Whoever asks for the time waits a little, and a snapshot does so half way.
 */
@Param(name = "block", gen = IntGen.class, conf = "0:5")
public class SnapshotLincheck {
    private static final int SCENARIOS = 100;
    private static final int INVOCATIONS = 20;
    private static final int BLOCK = 4096;
    private static final int SEGMENT_BLOCKS = 8;

    /** What the figures count. */
    public static final class Model {
        private final Set<Integer> written = new HashSet<>();

        public String write(int block) {
            written.add(block);
            return "OK";
        }

        public String flush() {
            return "OK";
        }

        public String snapshot() {
            return written.size() + " cached, " + written.size() + " dirty";
        }
    }

    private final TestPair pair = open();

    private static TestPair open() {
        try {
            return new TestPair(
                    new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)),
                    new MemoryDevice("backing", 64 * BLOCK),
                    SEGMENT_BLOCKS,
                    TestPair.QUIET,
                    SlowClock::new);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Operation(params = "block")
    public String write(int block) {
        return pair.write((long) block * BLOCK, new byte[BLOCK]).name();
    }

    @Operation
    public String flush() {
        return pair.flush().name();
    }

    @Operation
    public String snapshot() {
        PairSnapshot s = pair.disk.snapshot();
        String figures = figures(s);
        boolean ofOneInstant = s.oldestSeq() <= s.tailSeq() + 1
                && s.tailSeq() <= s.durableSeq()
                && s.headSeq() - s.durableSeq() == s.ramBuffers();
        PairSnapshot later = pair.disk.snapshot();
        boolean constant = figures.equals(figures(s)) && later.snapshotId() > s.snapshotId();
        return ofOneInstant && constant ? figures : "not of one instant: " + s;
    }

    private static String figures(PairSnapshot s) {
        return s.cachedBlocks() + " cached, " + s.dirtyBlocks() + " dirty";
    }

    @Validate
    public void close() throws IOException {
        pair.close();
    }

    @Test
    void snapshotsAreOfOneInstant() {
        StressOptions options = new StressOptions().invocationsPerIteration(INVOCATIONS);
        LinChecker.check(
                SnapshotLincheck.class,
                options.iterations(SCENARIOS * Integer.getInteger("lincheck.scale", 1))
                        .threads(3)
                        .actorsPerThread(3)
                        .actorsBefore(2)
                        .actorsAfter(1)
                        .sequentialSpecification(Model.class));
        new Figures("concurrency of the snapshot")
                .atLeast("random scenarios", SCENARIOS * Integer.getInteger("lincheck.scale", 1), SCENARIOS)
                .atLeast("runs of each on real threads", INVOCATIONS, INVOCATIONS)
                .write();
    }

    /** A wall clock that takes its time. */
    private static final class SlowClock extends ForwardingTasks {
        private static final int LONGEST_NS = 100_000;

        SlowClock(Tasks real) {
            super(real);
        }

        @Override
        public long wallTimeMs() {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_NS));
            return super.wallTimeMs();
        }
    }
}
