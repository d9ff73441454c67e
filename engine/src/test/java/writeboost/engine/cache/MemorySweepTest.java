package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.figures.Figures;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.MemoryShortage;

/**
 * Every single buffer that a pair asks for, from its opening to its stop, is refused once for want of memory. Whatever fails by that,
 * every request ends, no thread stays behind, and nothing that was flushed is lost.
 */
@Timeout(300)
class MemorySweepTest {
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

    private static final int SEGMENT_BLOCKS = 32;
    private static final int DISK_BYTES = (int) (4 * MIB);
    private static final long PATIENCE_S = 30;

    private final TestPair pair = newPair();
    /** What must be there: flushed, and not overwritten since. */
    private final Map<Long, byte[]> flushed = new HashMap<>();

    private final Map<Long, byte[]> written = new HashMap<>();

    private static TestPair newPair() {
        try {
            return new TestPair(
                    new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)),
                    new MemoryDevice("backing", DISK_BYTES),
                    SEGMENT_BLOCKS,
                    TestPair.QUIET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void machine2MemoryThatIsShortForAnyBufferLosesNothing() throws Exception {
        TestData.fill(pair.backing, 3);
        pair.disk.stop();
        pair.open(TestPair.QUIET);
        int refusals = 0;
        for (int nth = 1; ; nth++) {
            pair.disk.stop();
            MemoryShortage shortage = new MemoryShortage(nth);
            try (shortage) {
                use(nth);
            }
            String where = "buffer " + nth + " refused to " + shortage;
            pair.disk.kill();
            assertNoThreadIsLeft(where);
            pair.open(TestPair.QUIET);
            holds(where);
            if (!shortage.struck()) {
                break;
            }
            refusals++;
        }
        pair.disk.stop();
        new Figures("sweep of memory")
                .atLeast("buffers, each of which was refused", refusals, 50)
                .write();
    }

    /** Opens, and does a little of everything. */
    private void use(int nth) {
        try {
            pair.open(TestPair.QUIET);
        } catch (IOException | OutOfMemoryError e) {
            return; // refused, then
        }
        written.clear();
        write(nth * 7L % 500, random(nth, BLOCK));
        write(nth * 11L % 500 + 300, random(nth + 1000, 9 * BLOCK));
        flush();
        end(Op.WRITE, 900 * BLOCK + 700, random(nth, 1000)); // needs old content
        end(Op.READ, 123, new byte[3 * BLOCK]);
        end(Op.READ, 300 * BLOCK + 100, new byte[40 * BLOCK]);
        end(Op.ZERO, 850 * BLOCK, new byte[16 * BLOCK]); // beyond what is written above, which must be there at the end
        attempt(() -> pair.disk.flush(Progress.NONE));
        write(nth * 13L % 500, random(nth + 2000, BLOCK));
        flush();
        attempt(() -> pair.disk.drop(Progress.NONE));
        attempt(() -> pair.disk.stop());
    }

    /** Something that may fail. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    private static void attempt(Attempt body) {
        try {
            body.run();
        } catch (IOException | OutOfMemoryError e) {
            // whoever asked is told
        }
    }

    private DiskError end(Op op, long offset, byte[] data) {
        try {
            return pair.start(op, offset, data.length, data, false).get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (OutOfMemoryError e) {
            return DiskError.EIO; // the connection that asked ends by it
        } catch (Exception e) {
            throw new AssertionError(op + " never ended", e);
        }
    }

    private void write(long block, byte[] data) {
        for (long b = block; b < block + data.length / BLOCK; b++) {
            flushed.remove(b);
            written.remove(b);
        }
        if (end(Op.WRITE, block * BLOCK, data) == DiskError.OK) {
            for (int i = 0; i < data.length / BLOCK; i++) {
                written.put(block + i, Arrays.copyOfRange(data, i * BLOCK, (i + 1) * BLOCK));
            }
        }
    }

    private void flush() {
        if (end(Op.FLUSH, 0, new byte[0]) == DiskError.OK) {
            flushed.putAll(written);
        }
    }

    private void holds(String where) {
        flushed.forEach((block, data) -> assertThat(pair.read(block * BLOCK, BLOCK))
                .as("block %d, %s", block, where)
                .isEqualTo(data));
    }

    private void assertNoThreadIsLeft(String where) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .as(where)
                        .noneMatch(thread -> thread.getName().startsWith("wb-") && !threadsBefore.contains(thread)));
    }
}
