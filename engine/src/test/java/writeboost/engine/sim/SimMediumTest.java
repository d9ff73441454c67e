package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimMediumTest {
    private static final CutProfile LOSE = new CutProfile(0, 0, 0, 0);
    private static final CutProfile KEEP = new CutProfile(1, 0, 0, 0);
    private static final CutProfile TEAR = new CutProfile(0, 1, 0.5, 0);
    private static final CutProfile MIXED = new CutProfile(0.5, 0, 0, 0);

    private final SimMedium medium = new SimMedium("disk", 64 * 512);
    private final SimRandom random = new SimRandom(1);

    private static byte[] filled(int sectors, int value) {
        byte[] bytes = new byte[sectors * 512];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void write(int first, int sectors, int value) {
        medium.land(medium.begin(first, sectors, filled(sectors, value)));
    }

    private void flush() {
        medium.flushEnd(medium.flushBegin());
    }

    private int seen(int sector) {
        byte[] got = new byte[512];
        medium.read(sector, 1, got, 0, random);
        assertThat(got).containsOnly(got[0]);
        return got[0];
    }

    @Test
    void whatWasNotFlushedMayBeLost() {
        write(3, 2, 1);
        flush();
        write(4, 2, 2);
        assertThat(seen(4)).isEqualTo(2);
        medium.cutPower(random, LOSE);
        assertThat(seen(3)).isEqualTo(1);
        assertThat(seen(4)).isEqualTo(1);
        assertThat(seen(5)).isZero();
    }

    @Test
    void whatWasNotFlushedMayAlsoSurvive() {
        write(3, 2, 1);
        medium.begin(10, 1, filled(1, 9));
        medium.cutPower(random, KEEP);
        assertThat(seen(3)).isEqualTo(1);
        assertThat(seen(10)).isEqualTo(9);
        assertThat(medium.undecided()).isZero();
    }

    @Test
    void aFlushCoversOnlyWhatHadLandedWhenItBegan() {
        write(0, 1, 1);
        SimWrite flying = medium.begin(1, 1, filled(1, 2));
        long flush = medium.flushBegin();
        medium.land(flying);
        write(2, 1, 3);
        medium.flushEnd(flush);
        medium.cutPower(random, LOSE);
        assertThat(seen(0)).isEqualTo(1);
        assertThat(seen(1)).isZero();
        assertThat(seen(2)).isZero();
    }

    @Test
    void aTornWriteLeavesAnySubsetOfItsSectors() {
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            write(0, 3, 0);
            flush();
            write(0, 3, 1);
            medium.cutPower(random, TEAR);
            outcomes.add("" + seen(0) + seen(1) + seen(2));
        }
        assertThat(outcomes).hasSize(8);
    }

    @Test
    void laterWritesMaySurviveWithoutEarlierOnes() {
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            write(0, 2, 0);
            flush();
            write(0, 1, 1);
            write(1, 1, 2);
            medium.cutPower(random, MIXED);
            outcomes.add("" + seen(0) + seen(1));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("00", "10", "02", "12");
    }

    @Test
    void ofAWriteInFlightNothingOnceSeenGoesBack() {
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            write(0, 2, 0);
            SimWrite flying = medium.begin(0, 2, filled(2, 1));
            int first = seen(0);
            int then = seen(0);
            assertThat(then).isGreaterThanOrEqualTo(first);
            outcomes.add(first + "" + seen(1));
            medium.land(flying);
            assertThat(seen(0)).isEqualTo(1);
            assertThat(seen(1)).isEqualTo(1);
        }
        assertThat(outcomes).contains("00", "01", "10");
    }

    @Test
    void aKillLosesNothingThatWasWrittenButMakesNothingDurable() {
        write(0, 1, 1);
        medium.kill(random);
        assertThat(seen(0)).isEqualTo(1);
        medium.cutPower(random, LOSE);
        assertThat(seen(0)).isZero();
    }

    @Test
    void afterAFailedFlushALaterOneCoversNothingOfIt() {
        write(0, 1, 1);
        medium.flushFailed(medium.flushBegin(), random);
        assertThat(seen(0)).isEqualTo(1);
        flush();
        medium.cutPower(random, LOSE);
        assertThat(seen(0)).isZero();
    }

    @Test
    void aFailedFlushMayTakeAnyPartOfWhatLandedWhileItWasOnItsWay() {
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            write(0, 2, 0);
            flush();
            long failing = medium.flushBegin();
            write(0, 1, 1);
            write(1, 1, 1);
            medium.flushFailed(failing, random);
            assertThat(seen(0) + seen(1)).isEqualTo(2);
            flush();
            medium.cutPower(random, LOSE);
            outcomes.add("" + seen(0) + seen(1));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("00", "01", "10", "11");
    }

    @Test
    void whatIsWrittenAgainAfterAFailedFlushIsCoveredByTheNext() {
        write(0, 1, 1);
        medium.flushFailed(medium.flushBegin(), random);
        write(0, 1, 2);
        flush();
        medium.cutPower(random, KEEP);
        assertThat(seen(0)).isEqualTo(2);
    }

    @Test
    void ofSeveralWritesOfOnePlaceThatAFailedFlushLeftWhatIsReadAfterAKillIsDurable() {
        for (int i = 0; i < 50; i++) {
            write(0, 1, 1);
            flush();
            write(0, 1, 2);
            medium.flushFailed(medium.flushBegin(), random);
            write(0, 1, 3);
            medium.flushFailed(medium.flushBegin(), random);
            medium.kill(random);
            int seen = seen(0);
            medium.cutPower(random, LOSE);
            assertThat(seen(0)).isEqualTo(seen);
        }
    }
}
