package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SegmentMapTest {
    private static final int BLOCK = 4096;

    @Test
    void aFreshLogIsFreeEverywhere() throws Exception {
        try (TestPair p = TestPair.ofSegments(40, 64 << 20, TestPair.QUIET)) {
            SegmentMap map = p.disk.segmentMap();
            assertThat(map.cells()).hasSize(40).containsOnly(0);
            assertThat(map.headSlot()).isEqualTo(-1);
            assertThat(map.tailSlot()).isEqualTo(-1);
            assertThat(map.oldestSlot()).isEqualTo(-1);
        }
    }

    @Test
    void aFullSegmentOfWritesIsFullAndDirtyThenCleanOnceItIsFlushedAndFreeOnceItIsDropped() throws Exception {
        try (TestPair p = TestPair.ofSegments(40, 64 << 20, TestPair.QUIET)) {
            p.write(0, new byte[127 * BLOCK]);
            p.write(1 << 20, new byte[20 * BLOCK]);
            p.flush();
            SegmentMap written = p.disk.segmentMap();
            assertThat(SegmentMap.fill(written.cells()[0])).isEqualTo(1);
            assertThat(SegmentMap.dirty(written.cells()[0])).isGreaterThan(0.8);
            assertThat(SegmentMap.fill(written.cells()[1])).isBetween(0.1, 0.2);
            assertThat(SegmentMap.isFree(written.cells()[2])).isTrue();
            assertThat(written.headSlot()).isEqualTo(1);
            assertThat(written.tailSlot()).isZero();

            p.disk.flush(Progress.NONE);
            SegmentMap flushed = p.disk.segmentMap();
            assertThat(SegmentMap.dirty(flushed.cells()[0])).isZero();
            assertThat(SegmentMap.isFree(flushed.cells()[0])).isFalse();
            assertThat(flushed.tailSlot()).isEqualTo(-1);

            p.disk.drop(Progress.NONE);
            assertThat(p.disk.segmentMap().cells()).containsOnly(0);
        }
    }

    @Test
    void overwritingTheDirtyBlocksOfASegmentTakesItsDirtAway() throws Exception {
        try (TestPair p = TestPair.ofSegments(40, 64 << 20, TestPair.QUIET)) {
            p.write(0, new byte[127 * BLOCK]);
            p.flush();
            p.write(0, new byte[127 * BLOCK]);
            p.flush();
            SegmentMap map = p.disk.segmentMap();
            assertThat(SegmentMap.dirty(map.cells()[0])).isZero();
            assertThat(SegmentMap.dirty(map.cells()[1])).isGreaterThan(0.8);
        }
    }

    @Test
    void whatIsSupersededLivesNoMore() throws Exception {
        try (TestPair p = TestPair.ofSegments(40, 64 << 20, TestPair.QUIET)) {
            p.write(0, new byte[127 * BLOCK]);
            p.flush();
            p.write(0, new byte[64 * BLOCK]);
            p.flush();
            SegmentMap map = p.disk.segmentMap();
            assertThat(SegmentMap.fill(map.cells()[0])).isBetween(0.45, 0.55);
            assertThat(SegmentMap.dirty(map.cells()[0])).as("all that lives").isEqualTo(1);
        }
    }

    @Test
    void theMapIsTheSameAfterACrash() throws Exception {
        try (TestPair p = TestPair.ofSegments(40, 64 << 20, TestPair.QUIET)) {
            p.write(0, new byte[300 * BLOCK]);
            p.write(50 * BLOCK, new byte[30 * BLOCK]);
            p.flush();
            byte[] before = p.disk.segmentMap().cells();
            p.disk.kill();
            p.open(TestPair.QUIET);
            assertThat(p.disk.segmentMap().cells()).isEqualTo(before);
        }
    }
}
