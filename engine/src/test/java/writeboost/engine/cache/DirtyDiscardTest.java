package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;

/** Giving up what waits, when the disk was changed without the cache. */
@Timeout(60)
class DirtyDiscardTest {
    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(32));
    private final MemoryDevice backing = new MemoryDevice("backing", 16 * MIB);
    private TestPair pair;

    @BeforeEach
    void dirtyPair() throws Exception {
        TestData.fill(backing, 5);
        pair = new TestPair(cache, backing, 32, TestPair.QUIET);
        pair.write(2 * MIB, random(1, 8 * BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.write(6 * MIB, random(2, 8 * BLOCK));
        pair.write(7 * MIB + 512, random(3, 1024));
        pair.zero(9 * MIB, MIB);
        pair.flush();
    }

    private void changeElsewhere() throws IOException {
        TestData.put(backing, 3 * BLOCK, random(99, BLOCK));
    }

    private void discard() throws IOException {
        DirtyDiscard.discard(cache, backing, pair.tasks, Progress.NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterItTheDiskIsAsItWasFoundAndThePairServesIt(boolean crash) throws Exception {
        if (crash) {
            pair.disk.kill();
        } else {
            pair.disk.stop();
        }
        changeElsewhere();
        byte[] found = pair.backing(0, (int) (16 * MIB));
        discard();
        pair.open(TestPair.QUIET);
        PairSnapshot now = pair.disk.snapshot();
        assertThat(now.dirtyBlocks()).isZero();
        assertThat(now.dirtyRanges()).isZero();
        assertThat(now.cachedBlocks()).isZero();
        assertThat(pair.read(0, (int) (16 * MIB))).isEqualTo(found);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, (int) (16 * MIB))).isEqualTo(found);
        byte[] data = random(4, BLOCK);
        pair.write(6 * MIB, data);
        pair.flush();
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(6 * MIB, BLOCK)).isEqualTo(data);
        pair.close();
    }

    @Test
    void aDiskThatWasNotChangedLeavesNothingToDecide() throws Exception {
        pair.disk.stop();
        RecordingDevice recorded = new RecordingDevice(cache);
        assertThatThrownBy(() -> DirtyDiscard.discard(recorded, backing, pair.tasks, Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE))
                .hasMessageContainingAll("nothing to decide", "Nothing was changed");
        assertThat(recorded.noted()).allMatch(io -> io.kind() == RecordingDevice.Kind.READ);
        pair.open(TestPair.QUIET);
        assertThat(pair.read(6 * MIB, 8 * BLOCK)).isEqualTo(random(2, 8 * BLOCK));
        pair.close();
    }

    @Test
    void askingWhetherThereIsSomethingToDecideChangesNothing() throws Exception {
        pair.disk.stop();
        changeElsewhere();
        RecordingDevice recordedCache = new RecordingDevice(cache);
        RecordingDevice recordedDisk = new RecordingDevice(backing);
        DirtyDiscard.requireChanged(recordedCache, recordedDisk, pair.tasks, Progress.NONE);
        assertThat(recordedCache.noted()).allMatch(io -> io.kind() == RecordingDevice.Kind.READ);
        assertThat(recordedDisk.noted()).allMatch(io -> io.kind() == RecordingDevice.Kind.READ);
    }
}
