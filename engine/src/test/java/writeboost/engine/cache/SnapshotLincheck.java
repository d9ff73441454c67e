package writeboost.engine.cache;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.junit.jupiter.api.Test;

/**
 * A snapshot is a picture of one instant while writers run: its figures fit each other and what was written before, and
 * stay as they were.
 */
@Param(name = "block", gen = IntGen.class, conf = "0:5")
public class SnapshotLincheck {
    private static final int BLOCK = 4096;

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

    private final TestPair pair = DiskLincheck.open();

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
        boolean ordered = s.oldestSeq() <= s.tailSeq() + 1
                && s.tailSeq() <= s.durableSeq()
                && s.durableSeq() <= s.headSeq()
                && s.ramBuffers() <= s.ramBuffersTotal();
        PairSnapshot later = pair.disk.snapshot();
        boolean constant = figures.equals(figures(s)) && later.snapshotId() > s.snapshotId();
        return ordered && constant ? figures : "not of one instant: " + s;
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
        LinChecker.check(SnapshotLincheck.class, DiskLincheck.options(Model.class));
    }
}
