package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpindleTest {
    private static final DiskModel MODEL = DiskModel.EXTERNAL_7200_RPM;
    private static final long SIZE_BYTES = 64L << 30;
    private static final long MS = 1_000_000;
    private static final int BLOCK = 4096;

    private final Spindle spindle = new Spindle(MODEL, SIZE_BYTES);
    private final Random random = new Random(1);
    private long nowNs = 5_000 * MS;

    @Test
    void randomWritesGoOnAtAHundredToAHundredAndFiftyASecondOnceTheCacheIsFull() {
        writeRandomly(2 * (int) (MODEL.writeCacheBytes() / BLOCK));
        long begunNs = nowNs;
        writeRandomly(1000);
        assertThat(perSecond(1000, begunNs)).isBetween(95.0, 150.0);
    }

    @Test
    void randomReadsTakeASeekAndHalfARevolutionEach() {
        long begunNs = nowNs;
        for (int i = 0; i < 1000; i++) {
            nowNs = spindle.read(nowNs, randomBlock(), BLOCK);
        }
        assertThat(perSecond(1000, begunNs)).isBetween(90.0, 150.0);
    }

    @Test
    void sequentialWritesGoOnAtTheRateOfThePlatter() {
        long begunNs = nowNs;
        long bytes = 1L << 30;
        for (long at = 0; at < bytes; at += 1 << 20) {
            nowNs = spindle.write(nowNs, at, 1 << 20);
        }
        nowNs = spindle.flush(nowNs);
        assertThat(bytes * 1e3 / (nowNs - begunNs)).as("MB/s").isBetween(170.0, 181.0);
    }

    @Test
    void sequentialReadsGoOnAtTheRateOfThePlatterDespiteThePausesBetweenCommands() {
        for (int length : new int[] {65536, 1 << 20}) {
            long begunNs = nowNs;
            long bytes = 256L << 20;
            for (long at = 0; at < bytes; at += length) {
                nowNs = spindle.read(nowNs, SIZE_BYTES / 2 + at, length) + 50_000;
            }
            assertThat(bytes * 1e3 / (nowNs - begunNs)).as("MB/s").isBetween(155.0, 170.0);
        }
    }

    @Test
    void theInnerEdgeIsSlowerThanTheOuterOne() {
        Platter platter = new Platter(MODEL, SIZE_BYTES);
        assertThat(platter.rate(0)).isEqualTo(180e6);
        assertThat(platter.rate(SIZE_BYTES)).isEqualTo(150e6);
        assertThat(platter.transferNs(0, 150_000_000))
                .isLessThan(platter.transferNs(SIZE_BYTES - 150_000_000, SIZE_BYTES));
    }

    @Test
    void seeksTakeLongerTheFartherTheyGoAndNeverMoreThanAFullStroke() {
        Platter platter = new Platter(MODEL, SIZE_BYTES);
        assertThat(platter.seekNs(0, 0)).isZero();
        long previousNs = 0;
        for (long at = 4 << 20; at < SIZE_BYTES; at *= 2) {
            long seekNs = platter.seekNs(0, at);
            assertThat(seekNs).isGreaterThan(previousNs).isEqualTo(platter.seekNs(at, 0));
            previousNs = seekNs;
        }
        assertThat(previousNs).isBetween(MODEL.trackToTrackNs(), MODEL.fullStrokeNs());
    }

    @Test
    void aByteJustMissedComesByOneRevolutionLater() {
        Platter platter = new Platter(MODEL, SIZE_BYTES);
        long comesNs = platter.reachNs(0, 0, 4096);
        assertThat(platter.reachNs(comesNs, 4096, 4096)).isEqualTo(comesNs);
        assertThat(platter.reachNs(comesNs + 10_000, 4096, 4096)).isEqualTo(comesNs + MODEL.revolutionNs());
    }

    @Test
    void aBurstThatFitsIntoTheWriteCacheIsTakenAtTheSpeedOfTheCable() {
        long begunNs = nowNs;
        writeRandomly(1000);
        assertThat(nowNs - begunNs).isLessThan(1000 * (MODEL.commandNs() + 20_000));
    }

    @Test
    void aFlushWaitsUntilTheCacheIsOnThePlatterAndTheNextHasNothingLeftToDo() {
        writeRandomly(100);
        long flushedNs = spindle.flush(nowNs);
        assertThat(flushedNs - nowNs).isGreaterThan(100 * 3 * MS);
        assertThat(spindle.flush(flushedNs) - flushedNs).isEqualTo(MODEL.commandNs());
    }

    @Test
    void anIdleDiskEmptiesItsCache() {
        writeRandomly(100);
        nowNs += 10_000 * MS;
        assertThat(spindle.flush(nowNs) - nowNs).isEqualTo(MODEL.commandNs());
    }

    @Test
    void aReadOfWhatIsInTheCacheDoesNotWaitForTheHead() {
        spindle.write(nowNs, 0, BLOCK);
        nowNs = spindle.write(nowNs, SIZE_BYTES / 2, BLOCK);
        long endNs = spindle.read(nowNs, SIZE_BYTES / 2, BLOCK);
        assertThat(endNs - nowNs).isLessThan(MODEL.commandNs() + 100_000);
    }

    @Test
    void requestsThatComeTogetherAreServedOneAfterTheOther() {
        long alone = new Spindle(MODEL, SIZE_BYTES).read(nowNs, SIZE_BYTES / 3, BLOCK);
        long first = spindle.read(nowNs, SIZE_BYTES / 3, BLOCK);
        long second = spindle.read(nowNs, SIZE_BYTES / 2, BLOCK);
        assertThat(first).isEqualTo(alone);
        assertThat(second).isGreaterThan(first + MODEL.trackToTrackNs());
    }

    @Test
    void aWriteLargerThanTheCacheIsTaken() {
        long endNs = spindle.write(nowNs, 0, 4 * MODEL.writeCacheBytes());
        assertThat(endNs - nowNs).isGreaterThan(3 * MODEL.writeCacheBytes() * 1_000_000_000L / 181_000_000L);
    }

    @Test
    void withoutAWriteCacheEachWriteWaitsForThePlatter() {
        DiskModel bare = new DiskModel(
                MODEL.revolutionNs(),
                MODEL.trackToTrackNs(),
                MODEL.fullStrokeNs(),
                1,
                100_000_000,
                100_000_000,
                0,
                400_000_000,
                0,
                0);
        Spindle slow = new Spindle(bare, SIZE_BYTES);
        long begunNs = nowNs;
        for (int i = 0; i < 500; i++) {
            nowNs = slow.write(nowNs, randomBlock(), BLOCK);
        }
        assertThat(perSecond(500, begunNs)).isBetween(60.0, 95.0);
    }

    @Test
    void whateverIsAskedTimeOnlyGoesForwardAndTheCacheNeverHoldsMoreThanItsSize() {
        long cachedBytes = 0;
        for (int i = 0; i < 20_000; i++) {
            long lengthBytes = BLOCK * (1L + random.nextInt(64));
            long at = Math.min(randomBlock(), SIZE_BYTES - lengthBytes);
            nowNs += random.nextInt(4) == 0 ? random.nextInt(20_000_000) : 0;
            long endNs = switch (random.nextInt(20)) {
                case 0 -> spindle.flush(nowNs);
                case 1, 2, 3 -> spindle.read(nowNs, at, lengthBytes);
                default -> spindle.write(nowNs, at, lengthBytes);
            };
            assertThat(endNs).isGreaterThanOrEqualTo(nowNs + MODEL.commandNs());
            cachedBytes = Math.max(cachedBytes, spindle.cachedBytes());
            nowNs = endNs;
        }
        assertThat(cachedBytes).isBetween(1L, MODEL.writeCacheBytes());
        nowNs = spindle.flush(nowNs);
        assertThat(spindle.cachedBytes()).isZero();
    }

    private void writeRandomly(int count) {
        for (int i = 0; i < count; i++) {
            nowNs = spindle.write(nowNs, randomBlock(), BLOCK);
        }
    }

    private long randomBlock() {
        return random.nextInt((int) (SIZE_BYTES / BLOCK)) * (long) BLOCK;
    }

    private double perSecond(int count, long begunNs) {
        return count * 1e9 / (nowNs - begunNs);
    }
}
