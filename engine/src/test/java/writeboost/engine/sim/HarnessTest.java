package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds what it is there to find. */
class HarnessTest {
    private static final int SEEDS = 40;

    @Test
    void aCacheThatKeepsItsPromisesPasses() {
        SimResult sum = new SimResult();
        for (int seed = 0; seed < SEEDS; seed++) {
            sum.add(new Simulation(seed, new TinyCache()).run());
        }
        assertThat(sum.cuts()).isGreaterThan(SEEDS);
        assertThat(sum.cutsIn(Phase.REPLAY)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TinyCache.Mistake.class)
    void everyMistakeIsFound(TinyCache.Mistake mistake) {
        for (int seed = 0; seed < 10 * SEEDS; seed++) {
            try {
                new Simulation(seed, new TinyCache(mistake)).run();
            } catch (SimFailure e) {
                assertThat(e).hasMessageContaining(symptom(mistake)).hasMessageContaining("-Dsim.seed=" + seed);
                boolean isLoss = List.of("holds", "not a prefix").contains(symptom(mistake));
                assertThat(e.losses().equals(Losses.NONE))
                        .as("counts nothing lost")
                        .isEqualTo(!isLoss);
                return;
            }
        }
        fail("not found: " + mistake);
    }

    private static String symptom(TinyCache.Mistake mistake) {
        return switch (mistake) {
            case LOST_WAKEUP, LOSES_REQUEST -> "deadlock";
            case SPINS -> "no end in sight";
            case SWALLOWS -> "goes on although it was killed";
            case COMPLETES_TWICE -> "ended twice";
            case NO_ORDER -> "not a prefix";
            default -> "holds";
        };
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (int seed = 0; seed < 5; seed++) {
            long first = new Simulation(seed, new TinyCache()).run().traceHash;
            long second = new Simulation(seed, new TinyCache()).run().traceHash;
            assertThat(second).isEqualTo(first);
        }
        assertThat(new Simulation(1, new TinyCache()).run().traceHash)
                .isNotEqualTo(new Simulation(2, new TinyCache()).run().traceHash);
    }
}
