package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.Settings;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.error.EngineException;
import writeboost.engine.log.Geometry;
import writeboost.engine.nbd.HurriedTasks;
import writeboost.engine.task.ThreadTasks;

/** The bounds of a round, and what it says before it writes. */
@Timeout(60)
class RoundLimitsTest {
    private static final int SEGMENT_BLOCKS = 32;
    /** What a segment holds. */
    private static final int SEGMENT = SEGMENT_BLOCKS - 1;
    /** Where the checkpoints lie on the cache device: docs/format.md section 1. */
    private static final long CHECKPOINTS = 16 * BLOCK;

    private static final long CHECKPOINTS_END = 48 * BLOCK;
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);

    private final FaultDevice faults =
            new FaultDevice(new MemoryDevice("backing", 64 * MIB), new ThreadTasks((thread, e) -> {}));
    private final RecordingDevice backing = new RecordingDevice(faults);
    private final RecordingDevice cache =
            new RecordingDevice(new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)));
    private final TestPair pair;

    RoundLimitsTest() throws Exception {
        // What writeback rests after failures passes ten times as fast.
        pair = new TestPair(cache, backing, SEGMENT_BLOCKS, TestPair.QUIET, real -> new HurriedTasks(real, 10));
        backing.forget();
    }

    @AfterEach
    void close() throws Exception {
        faults.clear();
        backing.release();
        pair.close();
    }

    private static byte[] block(long address) {
        return random(address, BLOCK);
    }

    private void write(long from, long end) {
        for (long a = from; a < end; a++) {
            assertThat(pair.write(a * BLOCK, block(a))).isEqualTo(DiskError.OK);
        }
    }

    private PairSnapshot snapshot() {
        return pair.disk.snapshot();
    }

    /** What was done to the checkpoints before the round did the first of such to the disk. */
    private List<Kind> saidBefore(Kind kind) throws Exception {
        pair.disk.sync();
        cache.forget();
        backing.hold(kind);
        CompletableFuture<Void> flush = CompletableFuture.runAsync(() -> {
            try {
                pair.disk.flush(Progress.NONE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        backing.awaitWaiting(1);
        List<Kind> said = cache.noted().stream()
                .filter(io -> io.kind() == Kind.SYNC
                        || (io.kind() == Kind.WRITE && io.offset() >= CHECKPOINTS && io.end() <= CHECKPOINTS_END))
                .map(Io::kind)
                .toList();
        backing.release();
        flush.join();
        return said;
    }

    /** Else a crash would leave a disk that looks as if others had changed it. */
    @Test
    void thatABlockOfTheFingerprintWillChangeIsOnRecordBeforeItDoes() throws Exception {
        write(5000, 5001);
        assertThat(saidBefore(Kind.WRITE)).as("none of the fingerprint").isEmpty();
        write(5, 6);
        assertThat(saidBefore(Kind.WRITE)).containsExactly(Kind.WRITE, Kind.SYNC, Kind.WRITE, Kind.SYNC);
        pair.zero(200 * BLOCK, 2 * MIB);
        assertThat(saidBefore(Kind.ZERO)).containsExactly(Kind.WRITE, Kind.SYNC, Kind.WRITE, Kind.SYNC);
        pair.zero(2 * MIB, 2 * MIB);
        assertThat(saidBefore(Kind.ZERO)).isEmpty();
    }

    @Test
    void thirtyTwoRefusedBlocksAreBadSectorsOneMoreIsABadDisk() throws Exception {
        write(0, 100);
        faults.add(ERROR.on(Operation.WRITE).at(20 * BLOCK, 32 * BLOCK));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).hasMessageContaining("refuses 32 blocks");
        assertThat(snapshot().dirtyBlocks()).isEqualTo(32);
        faults.clear();
        faults.add(ERROR.on(Operation.WRITE).at(20 * BLOCK, 33 * BLOCK));
        write(0, 100);
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("refused 33 blocks of one batch");
        assertThat(snapshot().dirtyBlocks()).isEqualTo(100);
    }

    @Test
    void aRangeOfWhichMoreIsRefusedStaysLive() throws Exception {
        pair.zero(0, 100 * BLOCK);
        faults.add(ERROR.on(Operation.ZERO, Operation.WRITE).at(20 * BLOCK, 33 * BLOCK));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("stays safe in the cache");
        assertThat(snapshot().dirtyRanges()).isEqualTo(1);
        faults.clear();
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().dirtyRanges()).isZero();
        assertThat(pair.backing(0, 100 * BLOCK)).containsOnly(0);
    }

    /** Damaged blocks of the first two segments, so many of each. Returns the batches that a flush then takes. */
    private int batchesWithDamaged(int first, int second) throws Exception {
        write(0, 2 * SEGMENT);
        pair.disk.sync();
        for (int i = 0; i < first; i++) {
            TestData.spoil(pair.cache, block(i));
        }
        for (int i = 0; i < second; i++) {
            TestData.spoil(pair.cache, block(SEGMENT + i));
        }
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().damagedBlocks()).isEqualTo(first + second);
        return backing.noted(Kind.SYNC).size();
    }

    @Test
    void aBatchLogsNoMoreLostBlocksThanFillASegment() throws Exception {
        assertThat(batchesWithDamaged(15, 16)).isEqualTo(1);
    }

    @Test
    void aBatchWithMoreOfThemEndsBeforeThem() throws Exception {
        assertThat(batchesWithDamaged(16, 16)).isEqualTo(2);
    }

    /** Refused blocks of the first two segments, so many of each. Returns the batches that a flush then takes. */
    private int batchesWithRefused(long first, long second) throws Exception {
        write(0, 2 * SEGMENT);
        faults.add(ERROR.on(Operation.WRITE).at(0, first * BLOCK));
        faults.add(ERROR.on(Operation.WRITE).at(SEGMENT * BLOCK, second * BLOCK));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE))
                .hasMessageContaining("refuses " + (first + second) + " blocks");
        assertThat(snapshot().dirtyBlocks()).isEqualTo(first + second);
        return backing.noted(Kind.SYNC).size();
    }

    @Test
    void norMoreRefusedOnes() throws Exception {
        assertThat(batchesWithRefused(15, 16)).isEqualTo(1);
    }

    @Test
    void aBatchWithMoreOfThemEndsAfterTheFirst() throws Exception {
        assertThat(batchesWithRefused(16, 16)).isEqualTo(2);
        pair.disk.kill();
        faults.clear();
        pair.open(TestPair.QUIET);
        pair.disk.flush(Progress.NONE);
        for (long a = 0; a < 2 * SEGMENT; a++) {
            assertThat(pair.backing(a * BLOCK, BLOCK)).isEqualTo(block(a));
        }
    }

    /** Disks put a spare sector in the place of a bad one when it is written again. */
    @Test
    void aFlushSucceedsIfTheDiskTookInALaterRoundWhatItHadRefused() throws Exception {
        pair.disk.settings(new Settings(0, 2, 0, 0, 0));
        write(0, 3 * SEGMENT);
        faults.add(ERROR.on(Operation.WRITE).at(5 * BLOCK, BLOCK).times(2)); // with its neighbours, and alone
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().dirtyBlocks()).isZero();
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(block(5));
    }

    @Test
    void itCountsWhatItReadsAndWrites() throws Exception {
        PairSnapshot.Statistics before = snapshot().statistics();
        write(3000, 3010);
        pair.disk.flush(Progress.NONE);
        PairSnapshot.Statistics after = snapshot().statistics();
        assertThat(after.cacheBytesRead() - before.cacheBytesRead()).isEqualTo(10 * BLOCK);
        assertThat(after.backingBytesWrittenByMigration()).isEqualTo(10 * BLOCK);
        assertThat(after.backingBytesRead()).isEqualTo(before.backingBytesRead());
        assertThat(after.backingWrites()).isEqualTo(1);
    }
}
