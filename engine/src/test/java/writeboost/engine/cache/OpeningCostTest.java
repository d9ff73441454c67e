package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.device.DeviceIdentity;
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
    private static final long HEADER_MAGIC = ByteBuffer.wrap("WBCHUNK1".getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private final CountingDevice cache = new CountingDevice(new Sparse("cache", CACHE_BYTES), tasks);
    private final BlockDevice backing = new Sparse("backing", BACKING_BYTES);
    /**
     * A device that keeps of chunks only the headers: their data, here all zeros, would need as much memory as the device is
     * large.
     */
    private static final class Sparse implements BlockDevice {
        private final String name;
        private final long sizeBytes;
        private final Map<Long, byte[]> kept = new ConcurrentHashMap<>();

        Sparse(String name, long sizeBytes) {
            this.name = name;
            this.sizeBytes = sizeBytes;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long sizeBytes() {
            return sizeBytes;
        }

        @Override
        public int sectorBytes() {
            return 512;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) {
            for (long at = offsetBytes; into.hasRemaining(); at += BLOCK) {
                byte[] block = kept.getOrDefault(at, new byte[BLOCK]);
                into.put(block, 0, Math.min(BLOCK, into.remaining()));
            }
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) {
            for (long at = offsetBytes; from.hasRemaining(); at += BLOCK) {
                byte[] block = new byte[BLOCK];
                from.get(block, 0, Math.min(BLOCK, from.remaining()));
                long magic =
                        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).getLong();
                boolean outside = at < 128L * BLOCK || at >= sizeBytes - BLOCK;
                if (magic == HEADER_MAGIC || outside) {
                    kept.put(at, block);
                }
            }
        }

        @Override
        public void sync() {}

        @Override
        public boolean canDiscard() {
            return false;
        }

        @Override
        public void discard(long offsetBytes, long lengthBytes) {}

        @Override
        public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) {}

        @Override
        public DeviceIdentity identity() {
            return new DeviceIdentity(name, name, "", sizeBytes);
        }

        @Override
        public void close() {}
    }

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
