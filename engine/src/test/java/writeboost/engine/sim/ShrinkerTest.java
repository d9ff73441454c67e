package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failure is seen in a smaller run as well. */
class ShrinkerTest {
    private static final int SEEDS = 400;

    @ParameterizedTest
    @EnumSource(names = {"NO_SYNC", "STALE_JOURNAL", "COMPLETES_TWICE"})
    void aMistakeIsShownWithFewerClientsRequestsAndCuts(TinyCache.Mistake mistake) {
        for (int seed = 0; seed < SEEDS; seed++) {
            long failing = seed;
            try {
                new Simulation(seed, new TinyCache(mistake)).run();
            } catch (SimFailure e) {
                Shrinker shrinker =
                        new Shrinker(limits -> new Simulation(failing, new TinyCache(mistake)).limits(limits), e);
                SimFailure smallest = shrinker.shrink();
                SimLimits limits = shrinker.limits();
                assertThat(limits.size()).isLessThan(SimLimits.NONE.size() / 2);
                assertThat(smallest).hasMessageContaining("-Dsim.limits=" + limits);
                assertThatThrownBy(() -> new Simulation(failing, new TinyCache(mistake))
                                .limits(SimLimits.parse(limits.toString()))
                                .run())
                        .isInstanceOf(SimFailure.class)
                        .hasMessage(smallest.getMessage());
                return;
            }
        }
        throw new AssertionError("no seed fails");
    }

    @Test
    void limitsAreReadAsTheyAreWritten() {
        SimLimits limits = new SimLimits(3, 1, 20, 2, false, true, false, 5, 2, 1);
        assertThat(SimLimits.parse(limits.toString())).isEqualTo(limits);
        assertThat(limits.describe()).contains("3 incarnations (1 of them with clients)", "20 requests", "no syncs");
    }

    @Test
    void everySmallerRunIsSmaller() {
        assertThat(SimLimits.NONE.smaller()).isNotEmpty().allMatch(limits -> limits.size() < SimLimits.NONE.size());
        SimLimits least = new SimLimits(1, 1, 1, 1, false, false, false, 1, 1, 0);
        assertThat(least.smaller()).isEmpty();
    }

    @Test
    void failuresNameTheCommit() {
        assertThat(Commit.current()).matches("[0-9a-f]{40}|unknown");
    }
}
