package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** The figures of a pair. */
@Timeout(60)
class SnapshotTest {
    private static final int SEGMENT_BLOCKS = 32;

    private final SteeredTasks[] time = new SteeredTasks[1];
    private final CountingDevice cache;
    private final CountingDevice backing;
    private final TestPair pair;

    SnapshotTest() throws Exception {
        Tasks tasks = new ThreadTasks((thread, e) -> {});
        cache = new CountingDevice(new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)), tasks);
        backing = new CountingDevice(new MemoryDevice("backing", 64 * MIB), tasks);
        pair = new TestPair(cache, backing, SEGMENT_BLOCKS, TestPair.QUIET, real -> {
            time[0] = new SteeredTasks(real);
            return time[0];
        });
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private PairSnapshot snapshot() {
        return pair.disk.snapshot();
    }

    private PairSnapshot.Statistics statistics() {
        return snapshot().statistics();
    }

    @Test
    void anEmptyPairIsClean() {
        PairSnapshot s = snapshot();
        assertThat(s.state()).isEqualTo(PairState.CLEAN);
        assertThat(s.reason()).isEmpty();
        assertThat(s.sizeBytes()).isEqualTo(64 * MIB);
        assertThat(s.segments()).isEqualTo(32);
        assertThat(s.freeSegments()).isEqualTo(32);
        assertThat(s.capacityBlocks()).isEqualTo(32 * 31);
        assertThat(s.headId()).isZero();
        assertThat(s.headSeq()).isZero();
        assertThat(s.durableSeq()).isZero();
        assertThat(s.tailSeq()).isZero();
        assertThat(s.oldestSeq()).isEqualTo(1);
        assertThat(s.cachedBlocks()).isZero();
        assertThat(s.dirtyBlocks()).isZero();
        assertThat(s.dirtyRatio()).isZero();
        assertThat(s.oldestDirtyAgeSeconds()).isZero();
        assertThat(s.ramBuffers()).isZero();
        assertThat(s.ramBuffersTotal()).isEqualTo(4);
        assertThat(s.settings()).isEqualTo(TestPair.QUIET);
        assertThat(s.migration().running()).isFalse();
        assertThat(s.migration().kind()).isEqualTo("none");
        assertThat(snapshot().snapshotId()).isEqualTo(s.snapshotId() + 1);
    }

    @Test
    void theMarksFollowTheChunks() throws Exception {
        pair.write(0, random(1, 10 * BLOCK));
        PairSnapshot open = snapshot();
        assertThat(open.state()).isEqualTo(PairState.DIRTY);
        assertThat(open.headSeq()).isEqualTo(1);
        assertThat(open.durableSeq()).isZero();
        assertThat(open.ramBuffers()).isEqualTo(1);
        assertThat(open.dirtyBlocks()).isEqualTo(10);
        assertThat(open.dirtyRatio()).isEqualTo(10.0 / (32 * 31));
        pair.flush();
        PairSnapshot durable = snapshot();
        assertThat(durable.durableSeq()).isEqualTo(1);
        assertThat(durable.headId()).isEqualTo(1);
        assertThat(durable.ramBuffers()).isZero();
        assertThat(durable.freeSegments()).isEqualTo(31);
        pair.disk.flush(Progress.NONE);
        PairSnapshot clean = snapshot();
        assertThat(clean.state()).isEqualTo(PairState.CLEAN);
        assertThat(clean.tailSeq()).isEqualTo(1);
        assertThat(clean.oldestSeq()).isEqualTo(1);
        assertThat(clean.cachedBlocks()).isEqualTo(10);
        assertThat(clean.dirtyBlocks()).isZero();
        pair.disk.drop(Progress.NONE);
        PairSnapshot empty = snapshot();
        assertThat(empty.oldestSeq()).isEqualTo(2);
        assertThat(empty.cachedBlocks()).isZero();
    }

    @Test
    void hitsAndMissesCountBlocks() throws Exception {
        pair.write(0, random(1, 4 * BLOCK));
        assertThat(statistics().writeMisses()).isEqualTo(4);
        pair.write(2 * BLOCK, random(2, 4 * BLOCK));
        assertThat(statistics().writeHits()).isEqualTo(2);
        assertThat(statistics().writeMisses()).isEqualTo(6);
        pair.write(2 * BLOCK + 5, random(2, 5));
        assertThat(statistics().writeHits()).isEqualTo(3);
        pair.read(0, 8 * BLOCK);
        assertThat(statistics().readHits()).isEqualTo(6);
        assertThat(statistics().readMisses()).isEqualTo(2);
        pair.read(100, 100);
        assertThat(statistics().readHits()).isEqualTo(7);
        pair.disk.flush(Progress.NONE);
        pair.read(0, 4 * BLOCK);
        assertThat(statistics().readHits()).as("from the cache device").isEqualTo(11);
    }

    @Test
    void bytesOfClientsAreCountedAsTheyAsk() {
        pair.write(100, random(1, 5000));
        pair.read(0, 12345);
        pair.zero(0, MIB);
        pair.flush();
        assertThat(statistics().userBytesWritten()).isEqualTo(5000);
        assertThat(statistics().userBytesRead()).isEqualTo(12345);
        assertThat(statistics().flushes()).isEqualTo(1);
    }

    @Test
    void bytesOfDevicesAreCountedAsTheyAreMoved() throws Exception {
        CountingDevice.Counts cacheBefore = cache.counts();
        CountingDevice.Counts backingBefore = backing.counts();
        long writtenBefore = statistics().cacheBytesWritten(); // opening wrote a checkpoint
        pair.write(0, random(1, 200 * BLOCK));
        pair.flush();
        pair.read(0, 100 * BLOCK);
        pair.read(10 * MIB, 10 * BLOCK);
        pair.write(20 * MIB + 3, random(1, 5)); // reads the rest of its sector
        pair.write(4096 + 3, random(1, 5)); // and this one from the cache device
        pair.write(21 * MIB, random(1, 512));
        pair.read(21 * MIB, BLOCK);
        pair.disk.flush(Progress.NONE);
        CountingDevice.Counts c = cache.counts();
        CountingDevice.Counts b = backing.counts();
        PairSnapshot.Statistics s = statistics();
        assertThat(s.cacheBytesRead()).isEqualTo(c.bytesRead() - cacheBefore.bytesRead());
        assertThat(s.cacheBytesWritten() - writtenBefore).isEqualTo(c.bytesWritten() - cacheBefore.bytesWritten());
        assertThat(s.backingBytesRead()).isEqualTo(b.bytesRead() - backingBefore.bytesRead());
        assertThat(s.backingBytesWritten()).isEqualTo(b.bytesWritten() - backingBefore.bytesWritten());
        assertThat(s.backingWrites()).isEqualTo(b.writes() - backingBefore.writes());
        assertThat(s.backingBytesWrittenByMigration()).isEqualTo(s.backingBytesWritten());
        assertThat(s.chunksWritten()).isEqualTo(snapshot().headSeq());
    }

    @Test
    void readsOfADiskWithLargeSectorsThatCompleteBlocksAreCounted() throws Exception {
        CountingDevice large = new CountingDevice(new MemoryDevice("large", MIB, BLOCK), pair.tasks);
        try (TestPair p = new TestPair(
                new MemoryDevice("small", Geometry.minCacheBytes(SEGMENT_BLOCKS)),
                large,
                SEGMENT_BLOCKS,
                TestPair.QUIET)) {
            long before = large.counts().bytesRead();
            p.write(0, random(1, 512));
            p.disk.flush(Progress.NONE);
            assertThat(p.disk.snapshot().statistics().backingBytesRead())
                    .isEqualTo(large.counts().bytesRead() - before)
                    .isEqualTo(BLOCK);
        }
    }

    @Test
    void dirtyRangesCountUntilTheyAreCarriedOut() throws Exception {
        pair.zero(0, MIB);
        pair.trim(2 * MIB, MIB);
        assertThat(snapshot().dirtyRanges()).isEqualTo(2);
        assertThat(snapshot().state()).isEqualTo(PairState.DIRTY);
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().dirtyRanges()).isZero();
        assertThat(snapshot().state()).isEqualTo(PairState.CLEAN);
    }

    @Test
    void theAgeOfDirtyDataIsThatOfItsOldestChunk() throws Exception {
        assertThat(snapshot().oldestDirtyAgeSeconds()).isZero();
        time[0].pass(3_600_000);
        pair.write(0, random(1, BLOCK));
        time[0].pass(10_000);
        assertThat(snapshot().oldestDirtyAgeSeconds()).isEqualTo(10);
        pair.flush();
        assertThat(snapshot().oldestDirtyAgeSeconds()).as("durable now").isEqualTo(10);
        time[0].pass(50_000);
        pair.write(BLOCK, random(1, BLOCK));
        pair.flush();
        time[0].pass(5_000);
        assertThat(snapshot().oldestDirtyAgeSeconds()).isEqualTo(65);
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().oldestDirtyAgeSeconds()).isZero();
        time[0].pass(7_000);
        pair.write(2 * BLOCK, random(1, BLOCK));
        time[0].pass(2_000);
        assertThat(snapshot().oldestDirtyAgeSeconds()).isEqualTo(2);
    }

    @Test
    void theAgeStaysRightOverVeryManyChunks() throws Exception {
        pair.write(0, random(1, BLOCK));
        time[0].pass(1000);
        for (int i = 0; i < 200; i++) {
            pair.write(BLOCK, random(i, BLOCK));
            pair.flush();
            time[0].pass(1000);
        }
        assertThat(snapshot().oldestDirtyAgeSeconds()).isEqualTo(201);
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().oldestDirtyAgeSeconds()).isZero();
    }

    @Test
    void aStoppedPairSaysSo() throws Exception {
        pair.write(0, random(1, BLOCK));
        pair.disk.stop();
        PairSnapshot s = snapshot();
        assertThat(s.state()).isEqualTo(PairState.STOPPED);
        assertThat(s.dirtyBlocks()).as("what waits is told also then").isEqualTo(1);
    }

    @Test
    void figuresAreRightAfterARestart() throws Exception {
        pair.write(0, random(1, 10 * BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.write(5 * BLOCK, random(2, 10 * BLOCK));
        pair.zero(MIB, MIB);
        pair.disk.stop();
        pair.open(TestPair.QUIET);
        PairSnapshot s = snapshot();
        assertThat(s.cachedBlocks()).isEqualTo(15);
        assertThat(s.dirtyBlocks()).isEqualTo(10);
        assertThat(s.dirtyRanges()).isEqualTo(1);
        assertThat(s.state()).isEqualTo(PairState.DIRTY);
        assertThat(s.tailSeq()).isEqualTo(1);
        assertThat(s.durableSeq()).isEqualTo(2);
        assertThat(s.freeSegments()).isEqualTo(31);
        assertThat(s.statistics().userBytesWritten()).as("counters begin anew").isZero();
    }
}
