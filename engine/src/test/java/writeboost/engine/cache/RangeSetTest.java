package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.RangeEntry;

class RangeSetTest {
    private static RangeEntry range(long seq, long address, long length) {
        return new RangeEntry(seq, 0, address, length, EntryKind.ZERO);
    }

    @Test
    void anEmptySetCoversNothing() {
        RangeSet set = new RangeSet();
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.over(0)).isNull();
        assertThat(set.sameUntil(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(set.liveUpTo(Long.MAX_VALUE)).isEmpty();
        assertThat(set.liveCount()).isZero();
        assertThat(set.hasRoom()).isTrue();
    }

    @Test
    void aRangeCoversItsBlocksAndNoOthers() {
        RangeSet set = new RangeSet();
        RangeEntry r = range(1, 10, 5);
        set.add(r, 0);
        assertThat(set.over(9)).isNull();
        assertThat(set.over(10)).isSameAs(r);
        assertThat(set.over(14)).isSameAs(r);
        assertThat(set.over(15)).isNull();
        assertThat(set.sameUntil(3)).isEqualTo(10);
        assertThat(set.sameUntil(12)).isEqualTo(15);
        assertThat(set.sameUntil(15)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aNewerRangeIsSeenInTheMiddleOfAnOlderOne() {
        RangeSet set = new RangeSet();
        RangeEntry old = range(1, 0, 100);
        RangeEntry inner = range(2, 40, 20);
        set.add(old, 0);
        set.add(inner, 0);
        assertThat(set.over(39)).isSameAs(old);
        assertThat(set.over(40)).isSameAs(inner);
        assertThat(set.over(59)).isSameAs(inner);
        assertThat(set.over(60)).isSameAs(old);
        assertThat(set.sameUntil(0)).isEqualTo(40);
        assertThat(set.sameUntil(40)).isEqualTo(60);
        assertThat(set.sameUntil(60)).isEqualTo(100);
    }

    @Test
    void aNewerRangeSwallowsTheSmallerOnesUnderIt() {
        RangeSet set = new RangeSet();
        for (int i = 0; i < 10; i++) {
            set.add(range(1 + i, 10L * i, 5), 0);
        }
        RangeEntry all = range(20, 0, 1000);
        set.add(all, 0);
        assertThat(set.sameUntil(0)).isEqualTo(1000);
        assertThat(set.over(12)).isSameAs(all);
        assertThat(set.liveCount())
                .as("all must still be carried out, in their order")
                .isEqualTo(11);
    }

    @Test
    void aRangeAtOrBelowTheTailIsNotLiveButStillHides() {
        RangeSet set = new RangeSet();
        set.add(range(5, 0, 10), 5);
        assertThat(set.liveCount()).isZero();
        assertThat(set.over(3)).isNotNull();
        set.add(range(6, 0, 10), 5);
        assertThat(set.liveCount()).isEqualTo(1);
    }

    @Test
    void theTailTakesRangesFromTheLiveOnesAndOldestFromThePainting() {
        RangeSet set = new RangeSet();
        set.add(range(3, 0, 10), 0);
        set.add(range(4, 20, 10), 0);
        set.add(range(7, 40, 10), 0);
        assertThat(set.liveUpTo(3)).hasSize(1);
        assertThat(set.liveUpTo(6)).hasSize(2);
        set.tailMoved(4);
        assertThat(set.liveUpTo(100)).extracting(RangeEntry::seq).containsExactly(7L);
        assertThat(set.over(25)).as("dead, but oldest has not passed it").isNotNull();
        set.evictBelow(5);
        assertThat(set.over(25)).isNull();
        assertThat(set.over(45)).isNotNull();
        set.evictBelow(8);
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void aPassedRangeUncoversNothingOlderThatItOverwrote() {
        // The older one under it left first: seqs are passed in order, so nothing may come back.
        RangeSet set = new RangeSet();
        set.add(range(1, 0, 100), 0);
        set.add(range(2, 40, 20), 0);
        set.evictBelow(2);
        assertThat(set.over(10)).isNull();
        assertThat(set.over(50)).isNotNull();
        set.evictBelow(3);
        assertThat(set.over(50)).isNull();
    }

    @Test
    void itIsFullAtTheStatedNumberOfLiveRanges() {
        RangeSet set = new RangeSet();
        for (int i = 0; i < RangeSet.MAX_RANGES - 1; i++) {
            set.add(range(1 + i, 2L * i, 1), 0);
        }
        assertThat(set.hasRoom()).isTrue();
        set.add(range(1_000_000, 0, 1), 0);
        assertThat(set.hasRoom()).isFalse();
        set.tailMoved(1);
        assertThat(set.hasRoom()).as("one of them is carried out").isTrue();
    }

    /** The same, done as simply as possible: every range in a list, the newest that covers a block counts. */
    private static final class Naive {
        final List<RangeEntry> ranges = new ArrayList<>();
        final List<RangeEntry> live = new ArrayList<>();
    }

    @RepeatedTest(20)
    void itAnswersAsAListOfAllRangesWould(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        RangeSet set = new RangeSet();
        Naive naive = new Naive();
        int space = 60 + random.nextInt(200);
        long tail = 0;
        long oldest = 1;
        long seq = 1;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(10)) {
                case 0 -> {
                    tail = Math.min(seq - 1, tail + random.nextInt(5));
                    long nowTail = tail;
                    set.tailMoved(tail);
                    naive.live.removeIf(r -> r.seq() <= nowTail);
                }
                case 1 -> {
                    oldest = Math.min(tail + 1, oldest + random.nextInt(6));
                    long nowOldest = oldest;
                    set.evictBelow(oldest);
                    naive.ranges.removeIf(r -> r.seq() < nowOldest);
                }
                default -> {
                    long address = random.nextInt(space);
                    RangeEntry r = range(seq, address, 1 + random.nextInt(random.nextInt(space) + 1));
                    seq += random.nextInt(3) == 0 ? 0 : 1;
                    set.add(r, tail);
                    naive.ranges.add(r);
                    if (r.seq() > tail) {
                        naive.live.add(r);
                    }
                }
            }
            if (step % 3 == 0) {
                check(set, naive, 2 * space + 2, tail + random.nextInt(10));
            }
        }
    }

    private static void check(RangeSet set, Naive naive, int space, long upTo) {
        assertThat(set.liveUpTo(upTo))
                .isEqualTo(naive.live.stream().filter(r -> r.seq() <= upTo).toList());
        assertThat(set.liveCount()).isEqualTo(naive.live.size());
        @Nullable RangeEntry[] expected = new RangeEntry[space];
        for (RangeEntry r : naive.ranges) {
            Arrays.fill(expected, (int) r.address(), (int) Math.min(space, r.endAddress()), r);
        }
        for (int block = 0; block < space; block++) {
            if (!Objects.equals(set.over(block), expected[block])) {
                throw new AssertionError("block " + block + ": " + set.over(block) + " instead of " + expected[block]);
            }
            int until = (int) Math.min(set.sameUntil(block), space);
            for (int b = block; b < until; b++) {
                if (!Objects.equals(expected[b], expected[block])) {
                    throw new AssertionError("not the same from " + block + " until " + until + ": differs at " + b);
                }
            }
        }
    }
}
