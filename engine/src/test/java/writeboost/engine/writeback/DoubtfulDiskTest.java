package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.error.EngineException;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ThreadTasks;

/** What a disk that failed to sync reads as is not what it is known to hold. */
@Timeout(60)
class DoubtfulDiskTest {
    private static final int SEGMENT_BLOCKS = 32;
    private static final int BLOCKS = 10;

    /** What the disk holds when it becomes part of the pair. */
    private static final byte[] DISK = random(7777, 64 * BLOCK);

    private final FaultDevice disk =
            new FaultDevice(new MemoryDevice("backing", 64 * MIB), new ThreadTasks((thread, e) -> {}));
    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
    private final TestPair pair;

    /** Blocks wait, and a sync of the disk has failed after they were written there. */
    DoubtfulDiskTest() throws Exception {
        TestData.put(disk, 0, DISK);
        pair = new TestPair(cache, disk, SEGMENT_BLOCKS, TestPair.QUIET);
        for (long a = 0; a < BLOCKS; a++) {
            assertThat(pair.write(a * BLOCK, random(a, BLOCK))).isEqualTo(DiskError.OK);
        }
        disk.add(Fault.error(DeviceException.Kind.IO).on(Operation.SYNC));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).isInstanceOf(EngineException.class);
        disk.clear();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private void reopen() throws Exception {
        pair.disk.stop();
        pair.open(TestPair.QUIET);
    }

    private void holds(long from, long end) {
        for (long a = from; a < end; a++) {
            assertThat(pair.read(a * BLOCK, BLOCK)).as("block %d", a).isEqualTo(random(a, BLOCK));
        }
    }

    private DiskError read(long address) {
        return pair.run(Op.READ, address * BLOCK, BLOCK, new byte[BLOCK], false);
    }

    /** Else a power cut, which takes away what only seemed to be on the disk, would look like a change elsewhere. */
    @Test
    void aStopDoesNotSayThatItKnowsWhatTheDiskHolds() throws Exception {
        pair.disk.stop();
        TestData.put(disk, 0, Arrays.copyOf(DISK, BLOCKS * BLOCK)); // lost, after all
        pair.open(TestPair.QUIET);
        holds(0, BLOCKS);
    }

    /** What a failed sync may have lost is on the disk only if it is written again: not by reading it, however often. */
    @Test
    void norDoesALaterStopThatHasNotWrittenThoseBlocksAgain() throws Exception {
        pair.disk.sync();
        TestData.spoil(cache, random(3, BLOCK));
        reopen();
        reopen();
        assertThat(read(3)).isEqualTo(DiskError.EIO);
        pair.disk.stop();
        TestData.put(disk, 0, Arrays.copyOf(DISK, BLOCKS * BLOCK));
        pair.open(TestPair.QUIET);
        holds(0, 3);
        holds(4, BLOCKS);
        pair.disk.flush(Progress.NONE); // block 3 is logged as lost now
        pair.disk.stop();
        TestData.put(disk, 3 * BLOCK, random(3000, BLOCK)); // as some write before may turn out to be there
        pair.open(TestPair.QUIET);
        assertThat(read(3)).isEqualTo(DiskError.EIO);
    }
}
