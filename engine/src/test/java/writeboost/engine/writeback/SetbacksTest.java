package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SetbacksTest {
    private static final long SECOND = 1_000_000_000;

    private final Setbacks setbacks = new Setbacks();

    @Test
    void whoNeverFailedNeverRests() {
        assertThat(setbacks.succeeded(false)).isZero();
        assertThat(setbacks.failingNs(5 * SECOND)).isZero();
        assertThat(setbacks.why()).isNull();
        assertThat(setbacks.isToBeTold()).isFalse();
    }

    @Test
    void eachFailureInARowRestsTwiceAsLongUpToTenSeconds() {
        long[] rests = new long[200];
        for (int i = 0; i < rests.length; i++) {
            rests[i] = setbacks.failed("no", i);
        }
        assertThat(rests).startsWith(SECOND / 5, SECOND * 2 / 5, SECOND * 4 / 5);
        assertThat(rests).isSorted().endsWith(10 * SECOND);
        setbacks.succeeded(false);
        assertThat(setbacks.failed("no", 0)).isEqualTo(SECOND / 5);
    }

    @Test
    void itKnowsWhySinceWhenAndForHowLong() {
        setbacks.failed("first", 100 * SECOND);
        assertThat(setbacks.failingNs(100 * SECOND))
                .as("failing, however short")
                .isPositive();
        setbacks.failed("second", 107 * SECOND);
        assertThat(setbacks.failingNs(110 * SECOND)).isEqualTo(10 * SECOND);
        assertThat(setbacks.why()).isEqualTo("second");
        setbacks.succeeded(false);
        assertThat(setbacks.failingNs(111 * SECOND)).isZero();
        assertThat(setbacks.why()).isNull();
        setbacks.failed("third", 120 * SECOND);
        assertThat(setbacks.failingNs(121 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void whoBeginsToWaitForAFlushIsToldAfterThreeMoreFailures() {
        for (int i = 0; i < 10; i++) {
            setbacks.failed("no", i);
        }
        assertThat(setbacks.isToBeTold()).isTrue();
        setbacks.flushBegins();
        assertThat(setbacks.failed("no", 11)).as("it is tried soon, for them").isEqualTo(SECOND / 5);
        setbacks.failed("no", 12);
        assertThat(setbacks.isToBeTold()).isFalse();
        setbacks.failed("no", 13);
        assertThat(setbacks.isToBeTold()).isTrue();
        assertThat(setbacks.failingNs(20)).as("it fails for longer than that").isEqualTo(20);
        setbacks.succeeded(false);
        assertThat(setbacks.isToBeTold()).isFalse();
    }

    @Test
    void refusalsInARowRestLongerEachTimeThoughTheyAreNoFailures() {
        assertThat(setbacks.succeeded(true)).isEqualTo(SECOND / 5);
        assertThat(setbacks.succeeded(true)).isEqualTo(SECOND * 2 / 5);
        assertThat(setbacks.failingNs(1)).isZero();
        assertThat(setbacks.succeeded(false)).isZero();
        assertThat(setbacks.succeeded(true)).isEqualTo(SECOND / 5);
    }

    @Test
    void whoOnlyCarriesLostBlocksRoundRestsLongerEachTime() {
        assertThat(setbacks.stepped(true, false)).isEqualTo(200_000_000);
        assertThat(setbacks.stepped(false, false)).as("a step without them does not count").isZero();
        assertThat(setbacks.stepped(true, false)).isEqualTo(400_000_000);
        assertThat(setbacks.stepped(true, true)).as("room was made").isZero();
        assertThat(setbacks.stepped(true, false)).isEqualTo(200_000_000);
    }
}
