package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.figures.Figures;

/** The engine in the simulation, with seeds that are always the same. Others, for longer: {@link SimulationRuns}. */
@Tag("sim")
class SimulationTest {
    /** Power cuts without any other fault, and again so many with. */
    private static final int POWER_CUTS = 700;

    private static final int DIRECTED_RUNS = 8;

    /** Seeds of each of the two kinds that are run a second time. */
    private static final int REPEATED = 10;

    private static final Phase[] MANY = {
        Phase.SEGMENT, Phase.SUPERBLOCK, Phase.BACKING_WRITE, Phase.FORMAT, Phase.REPLAY, Phase.DROP
    };

    private static final SimResult ALL = new SimResult();
    private static int repeated;
    private static int ran;

    @Test
    void machine1NothingFlushedIsLostAndNothingWrongIsReadWhereverThePowerIsCut() throws InterruptedException {
        repeat(many(false).hashes, false);
    }

    @Test
    void norWhateverTheDevicesDo() throws InterruptedException {
        repeat(many(true).hashes, true);
    }

    private static SimResult many(boolean faults) throws InterruptedException {
        SimResult sum = new SimResult();
        try {
            SimulationRuns.run(sum, 1, POWER_CUTS, Long.MAX_VALUE, faults);
        } finally {
            System.out.println(sum);
            ALL.add(sum);
        }
        return sum;
    }

    /** One run. What it has lost counts also if it fails. */
    private static void one(Simulation simulation, SimResult sum) {
        try {
            sum.add(simulation.run());
        } catch (SimFailure e) {
            ALL.losses = ALL.losses.plus(e.losses());
            throw e;
        }
    }

    /** The same seed gives the same trace. */
    private static void repeat(Map<Long, Long> hashes, boolean faults) {
        new TreeMap<>(hashes).entrySet().stream().limit(REPEATED).forEach(run -> {
            long seed = run.getKey();
            assertThat(SimulationRuns.simulation(seed, faults).run().traceHash)
                    .as("trace of seed %d, faults %s", seed, faults)
                    .isEqualTo(run.getValue());
            repeated++;
        });
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
    void moreRangesThanMayWaitAreRefusedOrBecomeBlocks() {
        assertThat(directed(Mix.RANGE_FLOOD).met(Situation.RANGE_CAP)).isPositive();
    }

    private static SimResult directed(Mix mix) {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= DIRECTED_RUNS; seed++) {
            one(SimulationRuns.simulation(seed, false).mix(mix), sum);
        }
        assertThat(sum.cuts()).isGreaterThan(DIRECTED_RUNS);
        ALL.add(sum);
        return sum;
    }

    @Test
    void failedSyncsOfTheCacheDeviceLoseNothing() {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= 2 * DIRECTED_RUNS; seed++) {
            Simulation simulation = SimulationRuns.simulation(seed, true).faultsOnly(true, SimDisk.Op.SYNC);
            one(simulation.mix(Mix.COMMITS), sum);
        }
        assertThat(sum.faultsInjected).isGreaterThan(DIRECTED_RUNS);
        ALL.add(sum);
    }

    /** What is refused is logged anew, again and again, but not at full speed: the step budget would be used up. */
    @Test
    void aDiskThatRefusesManyBlocksIsTriedWithPauses() {
        SimFaults.Fault refuses =
                fault(FaultKind.BAD_PLACE, false, SimDisk.Op.WRITE, 1).at(0, 25 * LogMap.BLOCK);
        assertThat(directed(Mix.COMMITS, refuses).met(Situation.REFUSING_BLOCK)).isPositive();
    }

    @Test
    void aReadThatTakesLongerThanTheLogTakesToGoRoundLooksAgain() {
        SimFaults.Fault freezes =
                fault(FaultKind.FREEZE, true, SimDisk.Op.READ, 20).every(20);
        assertThat(directed(Mix.LAPS, freezes).met(Situation.OVERTAKEN_READ)).isPositive();
    }

    @Test
    void aCheckpointThatStallsWhileThePowerGoesLosesNothing() {
        SimFaults.Fault freezes = fault(FaultKind.FREEZE, true, SimDisk.Op.WRITE, 1)
                .at(16 * LogMap.BLOCK, 32 * LogMap.BLOCK)
                .every(30);
        assertThat(directed(Mix.LAPS, freezes).met(Situation.STALLED_CHECKPOINT))
                .isPositive();
    }

    /**
     * No cache can help there: data may be lost, but what is read is never another sector's, and never garbage, except where a cut
     * left that on the disk.
     */
    @Test
    void aDeviceThatLiesAboutFlushesLosesDataButNeverMixesIt() {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= 3 * DIRECTED_RUNS; seed++) {
            one(SimulationRuns.simulation(seed, true).lying(true), sum);
            one(SimulationRuns.simulation(seed, true).lying(false), sum);
        }
        assertThat(sum.met(Situation.LIE_REFUSED)).isPositive();
        assertThat(sum.met(Situation.LIE_LOST)).isPositive();
        ALL.add(sum);
    }

    private static SimFaults.Fault fault(FaultKind kind, boolean cache, SimDisk.Op op, int nth) {
        return new SimFaults.Fault(kind, cache, EnumSet.of(op), nth, SimFaults.STICKY);
    }

    private static SimResult directed(Mix mix, SimFaults.Fault fault) {
        SimResult sum = new SimResult();
        for (int seed = 1; seed <= DIRECTED_RUNS; seed++) {
            one(SimulationRuns.simulation(seed, true).fault(fault).mix(mix), sum);
        }
        ALL.add(sum);
        return sum;
    }

    @AfterEach
    void count() {
        ran++;
    }

    /** The bars of every commit; they are about all tests of this class together. */
    @AfterAll
    static void figures() {
        long tests = Arrays.stream(SimulationTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .count();
        if (ran < tests) {
            System.out.println("figures are not measured: only " + ran + " of " + tests + " tests were run");
            return;
        }
        Figures figures = new Figures("simulation")
                .atLeast("seeds", ALL.runs, 200)
                .atLeast("power cuts survived", ALL.powerCuts, 2000)
                .say("kills survived", String.valueOf(ALL.kills));
        for (Phase phase : MANY) {
            figures.atLeast("- of both, during " + phase.label, ALL.cutsIn(phase), 100);
        }
        for (Phase phase : Phase.values()) {
            if (!EnumSet.of(Phase.SEGMENT, MANY).contains(phase)) {
                figures.atLeast("- of both, during " + phase.label, ALL.cutsIn(phase), 1);
            }
        }
        figures.exactly("sectors acknowledged, then lost", ALL.losses.lost(), 0)
                .exactly("sectors read that held something wrong", ALL.losses.wrong(), 0)
                .exactly("sectors read that held what nobody wrote", ALL.losses.foreign(), 0)
                .say("sectors lost by lying flushes, as must be", String.valueOf(ALL.lostByLies))
                .atLeast("requests", ALL.requests, 10_000)
                .atLeast("sectors compared with the model", ALL.sectorsCompared, 1_000_000)
                .atLeast("simulated time / real time", ALL.virtualNs / Math.max(1, ALL.realNs), 100)
                .atLeast("seeds run twice, with the same trace", repeated, 2 * REPEATED);
        for (FaultKind kind : FaultKind.values()) {
            if (kind.strikesCache()) {
                figures.atLeast("fault of the cache device: " + kind.label, ALL.faults.of(kind, true), 1);
            }
            if (kind.strikesBacking()) {
                figures.atLeast("fault of the backing device: " + kind.label, ALL.faults.of(kind, false), 1);
            }
        }
        for (Situation situation : Situation.values()) {
            figures.atLeast("situation: " + situation.label, ALL.met(situation), 1);
        }
        figures.write();
    }
}
