package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OracleTest {
    private static final int SECTOR = Stamp.SECTOR;
    private final Oracle oracle = new Oracle(8);

    private Version start(int sector) {
        return oracle.start(Version.Kind.DATA, (long) sector * SECTOR, SECTOR, "write");
    }

    private void ack(Version version, int sector) {
        oracle.acknowledged(version, (long) sector * SECTOR, SECTOR, false);
    }

    private Version write(int sector) {
        Version version = start(sector);
        ack(version, sector);
        return version;
    }

    private void flush() {
        oracle.flushed(oracle.flushBegin(), "flush");
    }

    private void reads(int sector, int version) {
        byte[] got = new byte[SECTOR];
        Stamp.fill(got, 0, sector, version);
        oracle.readEnd(oracle.readBegin((long) sector * SECTOR, SECTOR, "read"), got, 0);
    }

    private void mayRead(int sector, int version) {
        assertThatCode(() -> reads(sector, version)).doesNotThrowAnyException();
    }

    private void mayNotRead(int sector, int version) {
        assertThatThrownBy(() -> reads(sector, version)).isInstanceOf(SimFailure.class);
    }

    @Test
    void aReadReturnsTheNewestWrite() {
        write(1);
        Version newest = write(1);
        mayNotRead(1, newest.number - 1);
        mayNotRead(1, 0);
        mayRead(1, newest.number);
        mayRead(2, 0);
    }

    private boolean mayReadGarbage(int sector) {
        Oracle.Read read = oracle.readBegin((long) sector * SECTOR, SECTOR, "read");
        try {
            oracle.readEnd(read, SimMedium.garbage(new SimRandom(1)), 0);
            return true;
        } catch (SimFailure e) {
            return false;
        }
    }

    /** The cache, which has what is to be written there again, may have lost it. */
    @Test
    void whatACutGarbledOnTheDiskMayBeReadOnlyIfADeviceLies() {
        write(1);
        flush();
        oracle.cut(true);
        oracle.garbled(1);
        assertThat(mayReadGarbage(1)).isFalse();
        oracle.lying();
        oracle.garbled(1);
        assertThat(mayReadGarbage(2)).isFalse();
        assertThat(mayReadGarbage(1)).isTrue();
    }

    @Test
    void ofTwoWritesInFlightEitherMayBeTheLastButOnlyOne() {
        Version one = start(1);
        Version two = start(1);
        ack(one, 1);
        ack(two, 1);
        mayRead(1, one.number);
        mayNotRead(1, two.number);
        mayNotRead(1, 0);
    }

    @Test
    void aReadSeesAWriteThatBeganMeanwhile() {
        Oracle.Read read = oracle.readBegin(SECTOR, SECTOR, "read");
        Version version = write(1);
        byte[] got = new byte[SECTOR];
        Stamp.fill(got, 0, 1, version.number);
        assertThatCode(() -> oracle.readEnd(read, got, 0)).doesNotThrowAnyException();
    }

    @Test
    void onceSeenAWriteInFlightDoesNotGoBack() {
        Version version = start(1);
        mayRead(1, version.number);
        mayNotRead(1, 0);
    }

    @Test
    void whatWasFlushedSurvives() {
        Version flushed = write(1);
        flush();
        Version later = write(1);
        oracle.cut(true);
        mayNotRead(1, 0);
        mayRead(1, flushed.number);
        mayNotRead(1, later.number);
    }

    @Test
    void aFlushCoversOnlyWhatHadEndedWhenItBegan() {
        Version version = start(1);
        long flush = oracle.flushBegin();
        ack(version, 1);
        oracle.flushed(flush, "flush");
        oracle.cut(true);
        mayRead(1, 0);
    }

    @Test
    void afterACutTheFirstReadDecidesAndEveryLaterCutKeepsIt() {
        Version version = write(1);
        oracle.cut(true);
        mayRead(1, 0);
        oracle.cut(true);
        mayNotRead(1, version.number);
        mayRead(1, 0);
    }

    @Test
    void aFuaWriteSurvives() {
        Version version = start(1);
        oracle.acknowledged(version, SECTOR, SECTOR, true);
        oracle.cut(true);
        mayNotRead(1, 0);
        mayRead(1, version.number);
    }

    @Test
    void aFailedWriteIsOldOrNew() {
        Version version = start(1);
        oracle.failed(version, SECTOR, SECTOR);
        mayRead(1, 0);
        mayNotRead(1, version.number);
    }

    @Test
    void afterAFailedFlushALaterOneProvesNothing() {
        Version version = write(1);
        oracle.flushFailed();
        flush();
        oracle.cut(true);
        mayRead(1, 0);
        mayNotRead(1, version.number);
    }

    @Test
    void zeroedReadsAsZerosAndTrimmedAsAnythingButAnotherSectorsContent() {
        ack(oracle.start(Version.Kind.ZERO, SECTOR, SECTOR, "zero"), 1);
        mayNotRead(1, 0);
        byte[] zeros = new byte[SECTOR];
        assertThatCode(() -> oracle.readEnd(oracle.readBegin(SECTOR, SECTOR, "read"), zeros, 0))
                .doesNotThrowAnyException();
        ack(oracle.start(Version.Kind.ANY, SECTOR, SECTOR, "trim"), 1);
        mayRead(1, 0);
        byte[] foreign = new byte[SECTOR];
        Stamp.fill(foreign, 0, 2, 0);
        assertThatThrownBy(() -> oracle.readEnd(oracle.readBegin(SECTOR, SECTOR, "read"), foreign, 0))
                .isInstanceOf(SimFailure.class)
                .hasMessageContaining("sector 2");
    }

    @Test
    void aPartOfASectorKeepsTheRest() {
        Version version = oracle.start(Version.Kind.DATA, SECTOR + 100, 10, "write");
        oracle.acknowledged(version, SECTOR + 100, 10, false);
        mayNotRead(1, version.number);
        mayNotRead(1, 0);
        byte[] got = new byte[SECTOR];
        Stamp.fill(got, 0, 1, 0);
        byte[] mine = new byte[SECTOR];
        Stamp.fill(mine, 0, 1, version.number);
        System.arraycopy(mine, 100, got, 100, 10);
        assertThatCode(() -> oracle.readEnd(oracle.readBegin(SECTOR, SECTOR, "read"), got, 0))
                .doesNotThrowAnyException();
    }

    @Test
    void aMixedSectorIsDescribed() {
        Version version = write(1);
        byte[] got = new byte[SECTOR];
        Stamp.fill(got, 0, 1, version.number);
        byte[] old = new byte[SECTOR];
        Stamp.fill(old, 0, 1, 0);
        System.arraycopy(old, 256, got, 256, 256);
        assertThatThrownBy(() -> oracle.readEnd(oracle.readBegin(SECTOR, SECTOR, "read"), got, 0))
                .hasMessageContaining("from byte 0: version 1 of sector 1, from byte 256: version 0 of sector 1");
    }

    @Test
    void whatACutLeavesIsAPrefix() {
        write(1);
        Version second = write(2);
        oracle.cut(true);
        reads(1, 0);
        reads(2, second.number);
        assertThatThrownBy(oracle::checkPrefix)
                .isInstanceOf(SimFailure.class)
                .hasMessageContaining("not a prefix: sector 1");
    }

    @Test
    void whatACutLeavesOfConcurrentWritesIsFree() {
        Version first = start(1);
        Version second = start(2);
        ack(first, 1);
        ack(second, 2);
        oracle.cut(true);
        reads(1, 0);
        reads(2, second.number);
        assertThatCode(oracle::checkPrefix).doesNotThrowAnyException();
    }

    @Test
    void whatIsWrongIsCountedAsWhatItIs() {
        byte[] got = new byte[4 * Stamp.SECTOR];
        Stamp.fill(got, 0, 4, 3);
        Stamp.fill(got, Stamp.SECTOR, 4, 3);
        Arrays.fill(got, 3 * Stamp.SECTOR, got.length, (byte) 1);
        assertThat(Losses.of(got, 0, 4, 8)).as("a version of its own").isEqualTo(new Losses(1, 0, 0));
        assertThat(Losses.of(got, Stamp.SECTOR, 5, 8)).as("of another sector").isEqualTo(new Losses(0, 1, 0));
        assertThat(Losses.of(got, 2 * Stamp.SECTOR, 6, 8)).as("zeros").isEqualTo(new Losses(0, 1, 0));
        assertThat(Losses.of(got, 3 * Stamp.SECTOR, 7, 8)).as("nobody wrote it").isEqualTo(new Losses(0, 0, 1));
        Oracle.Read read = oracle.readBegin(4 * Stamp.SECTOR, 4 * Stamp.SECTOR, "read");
        assertThatThrownBy(() -> oracle.readEnd(read, got, 0))
                .isInstanceOfSatisfying(
                        SimFailure.class, e -> assertThat(e.losses()).isEqualTo(new Losses(1, 2, 1)));
    }
}
