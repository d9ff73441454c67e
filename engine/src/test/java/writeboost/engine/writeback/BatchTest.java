package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import writeboost.engine.log.Geometry;

class BatchTest {
    private static final Geometry GEOMETRY = new Geometry(8, 64);

    private final Batch batch = new Batch(GEOMETRY, 4);

    BatchTest() {
        batch.clear(10);
    }

    private boolean take(int slot, int offset, int dataBlocks, int limit) {
        return batch.take(GEOMETRY.position(slot, offset + 1), dataBlocks, limit);
    }

    @Test
    void anEmptyOneBeginsBehindTheTail() {
        assertThat(batch.firstSeq).isEqualTo(11);
        assertThat(batch.lastSeq).isEqualTo(10);
        assertThat(batch.size()).isZero();
    }

    @Test
    void itTakesChunksUpToItsNumberOfSegments() {
        assertThat(take(3, 0, 2, 2)).isTrue();
        assertThat(take(3, 3, 4, 2)).isTrue();
        assertThat(take(4, 0, 7, 2)).isTrue();
        assertThat(take(5, 0, 7, 2)).isFalse();
        assertThat(batch.lastSeq).isEqualTo(13);
        assertThat(batch.slotCount()).isEqualTo(2);
        assertThat(batch.chunkCount()).isEqualTo(3);
    }

    @Test
    void itNeverTakesMoreSegmentsThanItHasRoomFor() {
        for (int slot = 0; slot < 4; slot++) {
            assertThat(take(slot, 0, 7, 100)).isTrue();
        }
        assertThat(take(4, 0, 7, 100)).isFalse();
    }

    @Test
    void blocksComeInTheOrderOfTheirAddresses() {
        Random random = new Random(1);
        take(3, 0, 7, 4);
        take(9, 0, 7, 4);
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            long address = random.nextLong(1L << 40);
            addresses.add(address);
            batch.want(GEOMETRY.position(i < 7 ? 3 : 9, 1 + i % 7), address);
        }
        batch.sort(0);
        List<Long> sorted = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            sorted.add(addresses.get(batch.sorted(i)));
        }
        assertThat(sorted).isSorted().hasSize(14);
        assertThat(batch.position(8)).isEqualTo(GEOMETRY.position(9, 2));
    }

    /** The addresses in the order in which they are written, the head being at some block. */
    private List<Long> order(long head, long... addresses) {
        take(3, 0, 7, 4);
        for (int i = 0; i < addresses.length; i++) {
            batch.want(GEOMETRY.position(3, 1 + i), addresses[i]);
        }
        batch.sort(head);
        return IntStream.range(0, batch.size()).mapToObj(batch::sortedAddress).toList();
    }

    @Test
    void farApartTheyAreGoneThroughFromWhereTheHeadIsNearer() {
        assertThat(order(6000, 5000, 1000, 3000)).containsExactly(5000L, 3000L, 1000L);
        batch.clear(11);
        assertThat(order(2999, 5000, 1000, 3000)).containsExactly(1000L, 3000L, 5000L);
    }

    /** Else the disk would have to turn once for each. */
    @Test
    void closeTogetherTheyAreGoneThroughUpwards() {
        assertThat(order(6000, 1512, 1000, 1256)).containsExactly(1000L, 1256L, 1512L);
        batch.clear(11);
        assertThat(order(6000, 7)).containsExactly(7L);
        batch.clear(11);
        assertThat(order(6000)).isEmpty();
    }

    @Test
    void downwardsNeighboursAreStillOneWrite() {
        assertThat(order(9000, 1000, 5000, 5002, 5001, 9000, 9001))
                .containsExactly(9000L, 9001L, 5000L, 5001L, 5002L, 1000L);
    }

    /** After a failed sync of the disk all that it may have lost is written again. */
    @Test
    void downwardsTheNewestVersionOfABlockStillComesLast() {
        assertThat(order(9000, 9000, 9000, 1000)).containsExactly(9000L, 9000L, 1000L);
        assertThat(batch.sorted(0)).isZero();
        assertThat(batch.sorted(1)).isEqualTo(1);
    }

    @Test
    void theDataOfASegmentLiesTogetherSegmentBySegment() {
        take(3, 0, 7, 4);
        take(60, 0, 7, 4);
        assertThat(batch.dataAt(GEOMETRY.position(3, 1))).isEqualTo(4096);
        assertThat(batch.dataAt(GEOMETRY.position(60, 7))).isEqualTo((8 + 7) * 4096);
        assertThatThrownBy(() -> batch.dataAt(GEOMETRY.position(4, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void itsLastSegmentsMayBeGivenBack() {
        take(3, 0, 2, 4);
        batch.want(GEOMETRY.position(3, 1), 500);
        take(3, 3, 2, 4);
        batch.want(GEOMETRY.position(3, 4), 400);
        take(4, 0, 7, 4);
        batch.want(GEOMETRY.position(4, 1), 300);
        take(5, 0, 7, 4);
        batch.keep(1);
        assertThat(batch.chunkCount()).isEqualTo(2);
        assertThat(batch.end(1)).isEqualTo(GEOMETRY.position(3, 6));
        assertThat(batch.lastSeq).isEqualTo(12);
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.slotCount()).isEqualTo(1);
        batch.keep(9);
        assertThat(batch.slotCount()).isEqualTo(1);
    }

    @Test
    void itIsUsedAgain() {
        take(3, 0, 7, 4);
        batch.want(GEOMETRY.position(3, 1), 5);
        batch.clear(11);
        assertThat(batch.size()).isZero();
        assertThat(batch.slotCount()).isZero();
        assertThat(batch.chunkCount()).isZero();
        assertThat(batch.firstSeq).isEqualTo(12);
    }
}
