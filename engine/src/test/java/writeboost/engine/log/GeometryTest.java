package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeometryTest {
    private static final int BLOCK = Geometry.BLOCK_BYTES;

    @Test
    void theLeastSizeHasExactlyTheLeastNumberOfSegments() {
        for (int segmentBlocks : new int[] {8, 16, 128}) {
            long least = Geometry.minCacheBytes(segmentBlocks);
            assertThat(Geometry.of(least, segmentBlocks).segments()).isEqualTo(Geometry.MIN_SEGMENTS);
            assertThat(Geometry.of(least - 1, segmentBlocks).segments()).isEqualTo(Geometry.MIN_SEGMENTS - 1);
            assertThat(Geometry.of(least + (long) segmentBlocks * BLOCK, segmentBlocks)
                            .segments())
                    .isEqualTo(Geometry.MIN_SEGMENTS + 1);
        }
    }

    @Test
    void aTinyDeviceHasNoSegmentsRatherThanANegativeNumber() {
        assertThat(Geometry.of(0, 128).segments()).isZero();
        assertThat(Geometry.of(128L * BLOCK, 128).segments()).isZero();
    }

    @Test
    void positionsFitAnIntOnTheLargestDevice() {
        Geometry g = Geometry.of(Long.MAX_VALUE, 128);
        assertThat(g.positions()).isPositive();
        assertThat(g.byteOffset(g.positions() - 1)).isGreaterThan(8L << 39);
    }

    @Test
    void nothingOverlapsOnTheDevice() {
        long bytes = Geometry.minCacheBytes(128) + 12345 * 4096L;
        Geometry g = Geometry.of(bytes, 128);
        long firstCheckpoint = Geometry.checkpointByteOffset(0);
        long endOfCheckpoints = Geometry.checkpointByteOffset(Geometry.CHECKPOINT_SLOTS);
        long endOfSegments = g.byteOffset(g.positions() - 1) + BLOCK;
        assertThat(firstCheckpoint).isGreaterThanOrEqualTo(BLOCK);
        assertThat(g.byteOffset(0)).isGreaterThanOrEqualTo(endOfCheckpoints);
        assertThat(Geometry.secondSuperblockByteOffset(bytes)).isGreaterThanOrEqualTo(endOfSegments);
        assertThat(Geometry.secondSuperblockByteOffset(bytes) + BLOCK).isLessThanOrEqualTo(bytes);
    }

    @Test
    void theSecondSuperblockLiesAtAWholeBlockOfAnOddDevice() {
        assertThat(Geometry.secondSuperblockByteOffset(10 * BLOCK + 512)).isEqualTo(9 * BLOCK);
    }

    @Test
    void idsGoRoundTheSlots() {
        Geometry g = new Geometry(16, 40);
        assertThat(g.slotOf(1)).isZero();
        assertThat(g.slotOf(40)).isEqualTo(39);
        assertThat(g.slotOf(41)).isZero();
        assertThat(g.slotOf(Long.MAX_VALUE)).isBetween(0, 39);
    }

    @Test
    void everyBlockOfTheLogHasItsOwnPlace() {
        Geometry g = new Geometry(8, 3);
        int expected = 0;
        for (int slot = 0; slot < 3; slot++) {
            for (int offset = 0; offset < 8; offset++) {
                assertThat(g.position(slot, offset)).isEqualTo(expected);
                assertThat(g.byteOffset(expected)).isEqualTo((128L + expected) * BLOCK);
                expected++;
            }
        }
        assertThat(g.positions()).isEqualTo(expected);
        assertThat(g.capacityBlocks()).isEqualTo(21);
        assertThat(g.chunkDataBlocks()).isEqualTo(7);
    }
}
