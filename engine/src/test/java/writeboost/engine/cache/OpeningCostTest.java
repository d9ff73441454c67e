package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.MIB;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.figures.Figures;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** What opening a full cache of 4 GiB reads after a crash: headers, and the data that was not on record yet. */
@Timeout(240)
class OpeningCostTest {
    private static final long CACHE_BYTES = 4L << 30;
    private static final long BACKING_BYTES = 8L << 30;
    private static final int PIECE_BLOCKS = 256;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    // What is written is all zeros, and takes no memory.
    private final CountingDevice cache = new CountingDevice(new SparseDevice("cache", CACHE_BYTES), tasks);
    private final BlockDevice backing = new SparseDevice("backing", BACKING_BYTES);
    /** A request that is used again and again. */
    private static final class Write extends DiskRequest {
        private final Semaphore ended = new Semaphore(0);
        private volatile DiskError error = DiskError.OK;

        Write() {
            op = Op.WRITE;
            lengthBytes = MIB;
            data = Blocks.allocate(PIECE_BLOCKS);
        }

        DiskError at(CachedDisk disk, long offset) {
            offsetBytes = offset;
            disk.submit(this);
            ended.acquireUninterruptibly();
            return error;
        }

        @Override
        public void complete(DiskError how) {
            error = how;
            ended.release();
        }
    }

    @Test
    void openingAFullCacheAfterACrashReadsAHundredthOfIt() throws IOException {
        TestPair pair = new TestPair(cache, backing, Geometry.SEGMENT_BLOCKS, TestPair.QUIET);
        Write write = new Write();
        long room = pair.disk.snapshot().freeSegments() / 10; // writes above that would bring on migration
        for (long at = 0; pair.disk.snapshot().freeSegments() > room; at += MIB) {
            assertThat(write.at(pair.disk, at)).isEqualTo(DiskError.OK);
        }
        // The data above what is durable on record is read, too. How far the syncs were behind the writes is a matter
        // of time, up to the whole
        // pool of 64 MiB; the header of one more chunk says that all before it is durable.
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        assertThat(write.at(pair.disk, 0)).isEqualTo(DiskError.OK);
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        PairSnapshot full = pair.disk.snapshot();
        assertThat(full.dirtyBlocks()).isGreaterThan(full.capacityBlocks() * 8 / 10);
        pair.disk.kill();
        long before = cache.counts().bytesRead();
        long begun = System.nanoTime();
        pair.open(TestPair.QUIET);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long read = cache.counts().bytesRead() - before;
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(full.dirtyBlocks());
        pair.disk.kill();
        new Figures("opening")
                .say("seconds to open it after a crash, devices in memory", String.format("%.1f", seconds))
                .atMost("bytes read by opening 4 GiB of full chunks", read, CACHE_BYTES / 100 + 32 * MIB)
                .write();
    }
}
