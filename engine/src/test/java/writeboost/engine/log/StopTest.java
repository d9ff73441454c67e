package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.inspect.Finding;
import writeboost.engine.inspect.Inspection;

/** What a clean stop leaves on the cache device. */
@Timeout(60)
class StopTest {
    private static final int SEGMENT_BLOCKS = 32;

    private final TapeDevice cache = new TapeDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
    private final TestPair pair;

    StopTest() throws Exception {
        pair = new TestPair(cache, new MemoryDevice("backing", 8 << 20), SEGMENT_BLOCKS, TestPair.QUIET);
        assertThat(pair.write(0, TestData.random(1, 4096))).isEqualTo(DiskError.OK);
        pair.disk.stop(); // nobody has flushed
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    @Test
    void whatWasAcknowledgedIsDurableAfterACleanStop() throws Exception {
        cache.cutPower(call -> false);
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, 4096)).isEqualTo(TestData.random(1, 4096));
    }

    /** Else damage to the newest chunk would look like the end of a log that a crash has torn, and quietly lose it. */
    @Test
    void thatItIsDurableIsOnRecord() throws Exception {
        TestData.spoil(cache, TestData.random(1, 4096));
        List<Finding> findings = Inspection.verify(cache, false, Progress.NONE).findings();
        assertThat(findings).singleElement().satisfies(f -> {
            assertThat(f.part()).isEqualTo(Finding.Part.DATA);
            assertThat(f.stake()).isEqualTo(Finding.Stake.DATA);
        });
        pair.open(TestPair.QUIET);
        assertThat(pair.disk.snapshot().dirtyBlocks())
                .as("it is known to be lost")
                .isEqualTo(1);
    }
}
