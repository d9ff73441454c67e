package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.Settings;
import writeboost.engine.cache.SteeredTasks;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;

/** When writeback moves what. */
@Timeout(60)
class PaceTest {
    private static final int SEGMENT_BLOCKS = 32;
    private static final int SEGMENTS = 64;
    /** What a segment holds. */
    private static final int SEGMENT = SEGMENT_BLOCKS - 1;

    private final RecordingDevice backing = new RecordingDevice(new MemoryDevice("backing", 64 * MIB));
    private final SteeredTasks[] time = new SteeredTasks[1];
    private final AtomicInteger looks = new AtomicInteger();
    private final TestPair pair;

    PaceTest() throws Exception {
        long bytes = Geometry.minCacheBytes(SEGMENT_BLOCKS) + (SEGMENTS - 32L) * SEGMENT_BLOCKS * BLOCK;
        pair = new TestPair(new MemoryDevice("cache", bytes), backing, SEGMENT_BLOCKS, TestPair.QUIET, real -> {
            time[0] = new SteeredTasks(real);
            return time[0];
        });
        backing.forget();
    }

    @AfterEach
    void close() throws Exception {
        backing.release();
        pair.close();
    }

    private void write(long from, long end) {
        for (long a = from; a < end; a++) {
            assertThat(pair.write(a * BLOCK, random(a, BLOCK))).isEqualTo(DiskError.OK);
        }
    }

    private PairSnapshot snapshot() {
        return pair.disk.snapshot();
    }

    private static Settings threshold(int percent, int batch) {
        return new Settings(percent, batch, 0, 0, 0);
    }

    /** Lets writeback look again and again what there is to do, while time goes by. */
    private void letItLook(BooleanSupplier until) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            time[0].pass(300);
            pair.disk.settings(pair.disk.settings()); // wakes it
            return until.getAsBoolean();
        });
    }

    private void staysAsItIs(long dirty) {
        looks.set(0);
        letItLook(() -> {
            assertThat(snapshot().dirtyBlocks()).isEqualTo(dirty);
            return looks.incrementAndGet() == 15;
        });
    }

    @Test
    void aThresholdOfZeroMovesNothingUnasked() {
        write(0, 10 * SEGMENT);
        pair.flush();
        staysAsItIs(10 * SEGMENT);
        assertThat(backing.noted(Kind.WRITE)).isEmpty();
    }

    @Test
    void anIdleDiskGetsFullBatchesAndAfterAWhileTheRest() {
        pair.disk.settings(threshold(70, 2));
        write(0, 9 * SEGMENT);
        pair.flush();
        letItLook(() -> snapshot().dirtyBlocks() == 0);
        // Blocks are clean once the disk is synced; the tail follows when that is on record.
        await().until(() -> snapshot().tailSeq() == snapshot().durableSeq());
        assertThat(snapshot().oldestSeq()).as("what is clean stays cached").isEqualTo(1);
        assertThat(snapshot().cachedBlocks()).isEqualTo(9 * SEGMENT);
    }

    @Test
    void aLittleDirtyDataWaitsUntilItIsOld() {
        pair.disk.settings(threshold(70, 2));
        write(0, 5);
        pair.flush();
        assertThat(backing.noted(Kind.WRITE)).isEmpty();
        letItLook(() -> snapshot().dirtyBlocks() == 0);
        assertThat(backing.noted(Kind.WRITE)).hasSize(1);
    }

    /** A client's read of the disk that does not end: a load of 100 %. */
    private CompletableFuture<DiskError> load() throws Exception {
        backing.hold(Kind.READ);
        CompletableFuture<DiskError> read = pair.start(Op.READ, 40 * MIB, BLOCK, new byte[BLOCK], false);
        backing.awaitWaiting(1);
        time[0].pass(5000);
        await().until(() -> backing.waiting() == 1);
        return read;
    }

    @Test
    void aDiskThatClientsKeepBusyIsLeftAlone() throws Exception {
        CompletableFuture<DiskError> read = load();
        write(0, 10 * SEGMENT);
        pair.flush();
        staysAsItIs(10 * SEGMENT); // some looks, so that the load is measured
        pair.disk.settings(threshold(50, 2));
        staysAsItIs(10 * SEGMENT);
        backing.release();
        assertThat(read.join()).isEqualTo(DiskError.OK);
        letItLook(() -> snapshot().dirtyBlocks() == 0);
    }

    @Test
    void aThresholdOfAHundredMovesWhateverTheLoad() throws Exception {
        CompletableFuture<DiskError> read = load();
        write(0, 10 * SEGMENT);
        pair.flush();
        staysAsItIs(10 * SEGMENT);
        pair.disk.settings(threshold(100, 2));
        letItLook(() -> snapshot().dirtyBlocks() == 0);
        assertThat(read).isNotDone();
    }

    @Test
    void itsOwnReadsAndWritesAreNoLoad() throws Exception {
        pair.disk.settings(threshold(1, 1));
        backing.hold(Kind.WRITE);
        write(0, 10 * SEGMENT);
        pair.flush();
        time[0].pass(5000);
        backing.awaitWaiting(1);
        time[0].pass(60_000); // its own write has kept the disk busy for a minute
        backing.release();
        letItLook(() -> snapshot().dirtyBlocks() == 0);
    }

    @Test
    void whatAFlushAsksForIsMovedWhateverTheLoad() throws Exception {
        CompletableFuture<DiskError> read = load();
        write(0, 10 * SEGMENT);
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().dirtyBlocks()).isZero();
        assertThat(read).isNotDone();
    }

    @Test
    void urgentMovesWhenRoomRunsLowThoughTheThresholdIsZero() {
        write(0, 50 * SEGMENT);
        await().until(() -> snapshot().dirtyBlocks() < 40 * SEGMENT);
        assertThat(backing.noted(Kind.WRITE)).isNotEmpty();
        assertThat(snapshot().oldestSeq()).as("its room was given back").isGreaterThan(1);
    }

    @Test
    void urgentMovesFullBatches() throws Exception {
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(0, 100 * SEGMENT));
        backing.awaitWaiting(1);
        long moved = backing.noted(Kind.WRITE).stream()
                .mapToLong(RecordingDevice.Io::length)
                .sum();
        // Batches are of a quarter of the segments.
        assertThat(moved).isEqualTo((long) SEGMENTS / 4 * SEGMENT * BLOCK);
        assertThat(snapshot().migration().running()).isTrue();
        assertThat(snapshot().migration().kind()).isEqualTo("urgent");
        backing.release();
        writer.join();
    }

    @Test
    void theMostSegmentsOfABatchMayBeChangedOnline() throws Exception {
        pair.disk.settings(threshold(0, 3));
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(0, 100 * SEGMENT));
        backing.awaitWaiting(1);
        long moved = backing.noted(Kind.WRITE).stream()
                .mapToLong(RecordingDevice.Io::length)
                .sum();
        assertThat(moved).isEqualTo(3L * SEGMENT * BLOCK);
        backing.release();
        writer.join();
        assertThat(pair.disk.settings()).isEqualTo(threshold(0, 3));
        assertThat(snapshot().settings()).isEqualTo(threshold(0, 3));
    }

    @Test
    void cleanSegmentsAreRecycledBeforeDirtyOnesAreMoved() throws Exception {
        write(0, 30 * SEGMENT);
        pair.disk.flush(Progress.NONE);
        backing.forget();
        // So many that with the clean ones room is low, and without them it is not.
        write(8000, 8000 + 20 * SEGMENT);
        await().until(() -> snapshot().oldestSeq() > 1);
        assertThat(backing.noted(Kind.WRITE)).isEmpty();
        assertThat(snapshot().dirtyBlocks()).isEqualTo(20 * SEGMENT);
    }

    @Test
    @Tag("slow")
    void manyLapsOfTheLogKeepEveryBlock() {
        pair.disk.settings(threshold(70, 4));
        for (int lap = 0; lap < 6; lap++) {
            for (long a = 0; a < 3000; a++) {
                if ((a + lap) % 3 != 0) {
                    assertThat(pair.write(a * BLOCK, random(a + 10_000L * lap, BLOCK)))
                            .isEqualTo(DiskError.OK);
                }
            }
        }
        for (long a = 0; a < 3000; a++) {
            int last = (a + 5) % 3 != 0 ? 5 : 4;
            assertThat(pair.read(a * BLOCK, BLOCK)).as("block %d", a).isEqualTo(random(a + 10_000L * last, BLOCK));
        }
        assertThat(snapshot().headId()).isGreaterThan(3 * SEGMENTS);
    }

    @Test
    void anIdlePairRecordsWhatIsDurable() throws Exception {
        write(0, 5);
        pair.flush();
        time[0].pass(1500);
        byte[] newest = random(4, BLOCK);
        // Once that is on record, damage to the newest chunk is told from a torn write: an error, not old data.
        long writes = snapshot().statistics().cacheBytesWritten();
        letItLook(() -> snapshot().statistics().cacheBytesWritten() > writes);
        pair.disk.kill();
        TestData.spoil(pair.cache, newest);
        pair.open(TestPair.QUIET);
        assertThat(pair.run(Op.READ, 4 * BLOCK, BLOCK, new byte[BLOCK], false)).isEqualTo(DiskError.EIO);
    }

    @Test
    void acknowledgedWritesBecomeDurableByThemselves() throws Exception {
        pair.disk.settings(new Settings(0, 32, 0, 5, 0));
        write(0, 5);
        time[0].pass(4000);
        assertThat(snapshot().durableSeq()).isZero();
        pair.disk.settings(new Settings(0, 32, 0, 1, 0)); // at once: it is overdue by that
        await().until(() -> snapshot().durableSeq() == 1);
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, BLOCK)).isEqualTo(random(0, BLOCK));
    }
}
