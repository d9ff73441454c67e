package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FoundChunksTest {
    private final FoundChunks found = new FoundChunks();
    private final Incarnations incarnations = new Incarnations();

    private void add(long seq, long incarnation, long segmentId) {
        add(seq, incarnation, segmentId, -1);
    }

    /** Adds one that says where the one before it lies. Each lies where its number says, from 0 on. */
    private void addBehind(long seq, long segmentId, int previousPlace) {
        add(seq, 1, segmentId, previousPlace);
    }

    private void add(long seq, long incarnation, long segmentId, int previousPlace) {
        ChunkHeader.Entries none = new ChunkHeader.Entries(ByteBuffer.allocate(0), 0);
        ChunkHeader.Previous previous = new ChunkHeader.Previous(0, 0, 0, 0, none);
        Marks marks = new Marks(0, 0, 1);
        found.add(
                new ChunkHeader(
                        segmentId, 0, seq, incarnation, 1, 1, marks, 0, 0, CloseReason.FULL, false, none, previous),
                found.size(),
                previousPlace,
                false);
    }

    /** The chosen ones, each as seq * 1000 + segment id. */
    private long[] chosen(long oldest) {
        return Arrays.stream(found.chosen(incarnations, oldest, Long.MAX_VALUE))
                .mapToLong(i -> found.seq(i) * 1000 + found.segmentId(i))
                .toArray();
    }

    @Test
    void theyAreOrderedBySeqFromOldestOn() {
        add(3, 1, 2);
        add(1, 1, 1);
        add(2, 1, 1);
        assertThat(chosen(1)).containsExactly(1001, 2001, 3002);
        assertThat(chosen(2)).containsExactly(2001, 3002);
        assertThat(chosen(4)).isEmpty();
    }

    @Test
    void ofOneSeqTheHigherIncarnationCountsThenTheHigherSegmentId() {
        add(1, 1, 9);
        add(1, 2, 3);
        add(1, 2, 4);
        add(1, 2, 2);
        assertThat(chosen(1)).containsExactly(1004);
    }

    @Test
    void voidOnesAreLeftOut() {
        incarnations.add(1, 1);
        incarnations.add(2, 3);
        for (long seq = 1; seq <= 5; seq++) {
            add(seq, 1, 1);
        }
        add(3, 2, 2);
        assertThat(chosen(1)).containsExactly(1001, 2001, 3002);
    }

    @Test
    void ofOneIncarnationWhatLiesInALowerSegmentThanAnEarlierSeqIsOutdated() {
        for (long seq = 1; seq <= 4; seq++) {
            add(seq, 1, 1);
        }
        add(2, 1, 2);
        assertThat(chosen(1)).containsExactly(1001, 2002);
    }

    @Test
    void aLaterIncarnationIsNotMeasuredByTheSegmentsOfAnEarlierOne() {
        incarnations.add(1, 1);
        incarnations.add(2, 2);
        add(1, 1, 8);
        add(2, 2, 5);
        add(3, 2, 4);
        assertThat(chosen(1)).containsExactly(1008, 2005);
    }

    /** Place 0 is a place like any other; -1 is none. */
    @Test
    void aboveDurableAChunkCountsOnlyIfTheOneBeforeLiesWhereItSays() {
        add(1, 1, 5);
        addBehind(2, 6, 0);
        addBehind(3, 6, 9);
        assertThat(Arrays.stream(found.chosen(incarnations, 1, 0)).mapToLong(found::seq))
                .containsExactly(1L, 2L);
        assertThat(Arrays.stream(found.chosen(incarnations, 1, 2)).mapToLong(found::seq))
                .as("the one before is durable: whatever was said of it")
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void alsoIfTheOneBeforeIsSaidToLieAtTheVeryBeginning() {
        add(9, 1, 5);
        add(1, 1, 5);
        addBehind(2, 6, 0);
        assertThat(Arrays.stream(found.chosen(incarnations, 1, 0)).mapToLong(found::seq))
                .containsExactly(1L, 9L);
    }

    @Test
    void witnessesIncludeVoidAndOutdatedOnes() {
        incarnations.add(1, 1);
        incarnations.add(2, 2);
        add(1, 1, 8);
        add(2, 1, 8);
        add(3, 1, 7);
        int[] all = found.witnesses(1);
        assertThat(Arrays.stream(all).mapToLong(found::seq)).containsExactly(1L, 2L, 3L);
        assertThat(found.find(all, 2)).isEqualTo(1);
        assertThat(found.find(all, 4)).isEqualTo(-1);
        assertThat(found.find(all, 0)).isEqualTo(-1);
        assertThat(found.witnesses(2)).hasSize(2);
    }

    @Test
    void itGrowsAsFarAsItMust() {
        for (long seq = 1; seq <= 5000; seq++) {
            add(seq, 1, seq);
        }
        assertThat(found.size()).isEqualTo(5000);
        int[] all = found.chosen(incarnations, 1, Long.MAX_VALUE);
        assertThat(all).hasSize(5000);
        for (long seq = 1; seq <= 5000; seq += 77) {
            int i = found.find(all, seq);
            assertThat(found.seq(i)).isEqualTo(seq);
            assertThat(found.place(i)).isEqualTo((int) seq - 1);
            assertThat(found.previousPlace(i)).isEqualTo(-1);
            assertThat(found.bySearch(i)).isFalse();
        }
    }
}
