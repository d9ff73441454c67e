package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IncarnationsTest {
    private static Incarnations of(long... numbersAndFirstSeqs) {
        Incarnations table = new Incarnations();
        for (int i = 0; i < numbersAndFirstSeqs.length; i += 2) {
            table.add(numbersAndFirstSeqs[i], numbersAndFirstSeqs[i + 1]);
        }
        return table;
    }

    @Test
    void aChunkIsVoidIfALaterIncarnationBeganAtOrBeforeItsSeq() {
        Incarnations table = of(1, 1, 2, 10, 3, 15);
        assertThat(table.voids(1, 9)).isFalse();
        assertThat(table.voids(1, 10)).isTrue();
        assertThat(table.voids(1, 99)).isTrue();
        assertThat(table.voids(2, 10)).isFalse();
        assertThat(table.voids(2, 14)).isFalse();
        assertThat(table.voids(2, 15)).isTrue();
        assertThat(table.voids(3, 15)).isFalse();
        assertThat(table.voids(3, 1_000_000)).isFalse();
    }

    @Test
    void anIncarnationThatIsNotNamedIsVoidedLikeTheOthers() {
        Incarnations table = of(5, 10);
        assertThat(table.voids(3, 10)).isTrue();
        assertThat(table.voids(3, 9)).isFalse();
        assertThat(table.voids(9, 50)).isFalse();
    }

    @Test
    void firstSeqsThatDoNotAscendVoidNoLess() {
        Incarnations table = of(1, 1, 2, 30, 3, 10);
        assertThat(table.voids(1, 9)).isFalse();
        assertThat(table.voids(1, 10)).isTrue();
        assertThat(table.voids(2, 10)).isTrue();
        table.add(2, 5);
        assertThat(table.voids(1, 5))
                .as("the last word about an incarnation counts")
                .isTrue();
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void theyAreOrderedByNumberHoweverTheyCame() {
        Incarnations table = of(7, 30, 2, 5, 4, 20);
        assertThat(new long[] {table.number(0), table.number(1), table.number(2)})
                .containsExactly(2, 4, 7);
        assertThat(new long[] {table.firstSeq(0), table.firstSeq(1), table.firstSeq(2)})
                .containsExactly(5, 20, 30);
        Incarnations all = of(3, 9);
        all.addAll(table);
        assertThat(all.size()).isEqualTo(4);
        assertThat(all.number(1)).isEqualTo(3);
    }

    @Test
    void ofEqualFirstSeqsOnlyTheHighestIsKept() {
        Incarnations kept = of(1, 1, 2, 8, 3, 8, 4, 8).above(1);
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.number(1)).isEqualTo(4);
        assertThat(kept.firstSeq(1)).isEqualTo(8);
    }

    @Test
    void thoseWhoseSuccessorBeganAtOrBeforeOldestAreNotKept() {
        Incarnations kept = of(1, 1, 2, 8, 3, 12).above(8);
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.number(0)).isEqualTo(2);
        assertThat(of(1, 1, 2, 8, 3, 12).above(7).size()).isEqualTo(3);
        assertThat(of(1, 1, 2, 8, 3, 12).above(100).size()).isEqualTo(1);
    }

    @Test
    void whatIsLeftOutNeverChangesWhatIsVoidFromOldestOn() {
        Random random = new Random(1);
        for (int run = 0; run < 500; run++) {
            Incarnations all = new Incarnations();
            long first = 1;
            for (int number = 1; number <= 8; number++) {
                all.add(number, first);
                first += random.nextInt(4);
            }
            long oldest = 1L + random.nextInt(20);
            Incarnations kept = all.above(oldest);
            for (int incarnation = 0; incarnation <= 9; incarnation++) {
                for (long seq = oldest; seq < oldest + 20; seq++) {
                    assertThat(kept.voids(incarnation, seq))
                            .as("run %s, incarnation %s, seq %s", run, incarnation, seq)
                            .isEqualTo(all.voids(incarnation, seq));
                }
            }
        }
    }
}
