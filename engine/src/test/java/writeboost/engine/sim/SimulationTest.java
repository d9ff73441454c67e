package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine in the simulation, with seeds that are always the same. Others, for longer: {@link SimulationRuns}. */
@Tag("sim")
class SimulationTest {
    private static final int CUTS = 2000;
    private static final int DIRECTED_RUNS = 8;

    @Test
    void nothingFlushedIsLostAndNothingWrongIsReadWhereverThePowerIsCut() throws InterruptedException {
        SimResult sum = SimulationRuns.run(1, CUTS, Long.MAX_VALUE);
        System.out.println(sum);
        assertThat(sum.cuts()).isGreaterThanOrEqualTo(CUTS);
        for (Phase phase : Phase.values()) {
            assertThat(sum.cutsIn(phase)).as(phase.label).isPositive();
        }
    }

    @Test
    void oddWritesThatAllWaitForOldContentAndForRoomEnd() {
        directed(Mix.ODD_WRITES);
    }

    @Test
    void trimmedAndZeroedRangesHideAndAreHidden() {
        directed(Mix.RANGES);
    }

    @Test
    void whatARangeHidesIsWrittenBackUntilTheRangeIsDurable() {
        directed(Mix.WIDE_RANGES);
    }

    @Test
    void chunksWithoutDataAreFoundAndWrittenBack() {
        directed(Mix.RANGE_COMMITS);
    }

    @Test
    void smallWritesAreCommittedTogether() {
        directed(Mix.COMMITS);
    }

    @Test
    void failedSyncsOfTheCacheDeviceLoseNothing() {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= 2 * DIRECTED_RUNS; seed++) {
            sum.add(new Simulation(seed, new EngineSubject(seed), true)
                    .faultsOnly(true, SimDisk.Op.SYNC)
                    .mix(Mix.COMMITS)
                    .run());
        }
        assertThat(sum.faultsInjected).isGreaterThan(DIRECTED_RUNS);
    }

    /** What is refused is logged anew, again and again, but not at full speed: the step budget would be used up. */
    @Test
    void aDiskThatRefusesManyBlocksIsTriedWithPauses() {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= DIRECTED_RUNS; seed++) {
            SimFaults.Fault refuses = new SimFaults.Fault(
                            FaultKind.BAD_PLACE, false, EnumSet.of(SimDisk.Op.WRITE), 1, SimFaults.STICKY)
                    .at(0, 25 * 4096);
            sum.add(new Simulation(seed, new EngineSubject(seed), true)
                    .fault(refuses)
                    .mix(Mix.COMMITS)
                    .run());
        }
        assertThat(sum.met(Situation.REFUSING_BLOCK)).isPositive();
    }

    @Test
    void deviceErrorsLoseNothing() {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= 2 * DIRECTED_RUNS; seed++) {
            sum.add(new Simulation(seed, new EngineSubject(seed), true).run());
        }
        assertThat(sum.faultsInjected).isGreaterThan(DIRECTED_RUNS);
    }

    private static void directed(Mix mix) {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= DIRECTED_RUNS; seed++) {
            sum.add(SimulationRuns.simulation(seed).mix(mix).run());
        }
        assertThat(sum.cuts()).isGreaterThan(DIRECTED_RUNS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (int seed = 1; seed <= 5; seed++) {
            assertThat(SimulationRuns.simulation(seed).run().traceHash)
                    .isEqualTo(SimulationRuns.simulation(seed).run().traceHash);
        }
    }
}
