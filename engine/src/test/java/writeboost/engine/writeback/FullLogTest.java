package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.log.Geometry;
import writeboost.engine.nbd.HurriedTasks;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Both devices fail, one after the other, while the log is nearly full; then one bad sector is left. */
@Timeout(60)
class FullLogTest {
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);
    private static final int SEGMENT_BLOCKS = 32;
    /** What a segment holds. */
    private static final long SEGMENT = SEGMENT_BLOCKS - 1;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private final FaultDevice badSector = new FaultDevice(new MemoryDevice("backing", 64 * MIB), tasks);
    private final FaultDevice backing = new FaultDevice(badSector, tasks);
    private final FaultDevice cache =
            new FaultDevice(new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)), tasks);
    private final TestPair pair;

    FullLogTest() throws Exception {
        pair = new TestPair(cache, backing, SEGMENT_BLOCKS, TestPair.QUIET, real -> new HurriedTasks(real, 10));
    }

    @AfterEach
    void close() throws Exception {
        badSector.clear();
        backing.clear();
        cache.clear();
        pair.close();
    }

    private void write(long fromSegment, long endSegment) {
        for (long a = fromSegment * SEGMENT; a < endSegment * SEGMENT; a++) {
            assertThat(pair.write(a * BLOCK, random(a, BLOCK))).isEqualTo(DiskError.OK);
        }
    }

    /** The first round before it writes to the disk makes a checkpoint, whose syncs are none of those that are to fail. */
    private void awaitWriteback() {
        await().until(() -> !pair.disk.snapshot().reason().isEmpty());
    }

    /**
     * What the failed syncs have written again must leave the room that writeback needs to log the bad block anew: else it could
     * never go on, over openings too.
     *
     * @param badBlock where it lies: in the first segment of the log, or behind others that could be moved
     */
    @ParameterizedTest
    @CsvSource({"22, 1, 67", "22, 3, 67", "22, 5, 67", "22, 5, 5", "23, 4, 67", "24, 2, 5", "24, 5, 67"})
    void oneBadSectorNeverStopsTheDisk(int segments, long failedSyncs, long badBlock) throws Exception {
        badSector.add(ERROR.on(Operation.WRITE).at(badBlock * BLOCK, BLOCK));
        backing.add(ERROR.on(Operation.WRITE));
        write(0, segments - 2);
        pair.disk.sync();
        awaitWriteback();
        cache.add(ERROR.on(Operation.SYNC).times(failedSyncs));
        write(segments - 2, segments);
        int last = segments;
        try {
            pair.disk.sync();
        } catch (IOException e) { // all room is taken: nothing more is written until the pair is opened anew
            assertThat(e).hasMessageContaining("no room is left to write a chunk again");
            last = segments - 2;
        }
        assertThat(pair.disk.snapshot().freeSegments()).isGreaterThanOrEqualTo(4);
        backing.clear();
        cache.clear();
        if (last < segments) {
            pair.disk.kill();
            pair.open(TestPair.QUIET);
        }
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).hasMessageContaining("refuses 1 blocks");
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(1);
        badSector.clear();
        pair.disk.flush(Progress.NONE);
        for (long a = 0; a < last * SEGMENT; a++) {
            assertThat(pair.backing(a * BLOCK, BLOCK)).isEqualTo(random(a, BLOCK));
        }
    }
}
