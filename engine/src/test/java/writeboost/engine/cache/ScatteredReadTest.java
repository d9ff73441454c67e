package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.SECTOR;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ThreadTasks;

/** Large reads of what was written in another order: one request, many places of the cache device. */
@Timeout(60)
class ScatteredReadTest {
    private static final int BLOCKS = 256;
    private static final byte[] CONTENT = random(5, BLOCKS * BLOCK);

    private final FaultDevice faults;
    private final Gathering cache;
    private final TestPair pair;

    /** Lets reads through only once so many are there. */
    private static final class Gathering extends ForwardingDevice {
        volatile CountDownLatch expected = new CountDownLatch(0);

        Gathering(FaultDevice inner) {
            super(inner);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
            try {
                expected.countDown();
                if (!expected.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("they do not come at the same time");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            super.read(offsetBytes, into);
        }
    }

    ScatteredReadTest() throws Exception {
        ThreadTasks tasks = new ThreadTasks((thread, e) -> {});
        faults = new FaultDevice(new MemoryDevice("cache", Geometry.minCacheBytes(128)), tasks);
        cache = new Gathering(faults);
        pair = new TestPair(cache, new MemoryDevice("backing", 32 * MIB), 128, TestPair.QUIET);
    }

    /** Every block somewhere else: 97 and 256 have no common factor. */
    @BeforeEach
    void writeInAnotherOrder() {
        for (int i = 0; i < BLOCKS; i++) {
            int b = i * 97 % BLOCKS;
            pair.write((long) b * BLOCK, Arrays.copyOfRange(CONTENT, b * BLOCK, (b + 1) * BLOCK));
        }
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
    }

    @AfterEach
    void close() throws Exception {
        faults.clear();
        pair.close();
    }

    private DiskError read(long offset, int length) {
        return pair.run(Op.READ, offset, length, new byte[length], false);
    }

    @Test
    void itsPartsAreReadAtTheSameTime() {
        cache.expected = new CountDownLatch(16);
        assertThat(pair.read(0, BLOCKS * BLOCK)).isEqualTo(CONTENT);
    }

    @Test
    void itNeedNotBeginOrEndWithABlock() {
        for (int offset : new int[] {0, SECTOR, BLOCK - SECTOR, 3 * BLOCK + SECTOR}) {
            for (int length : new int[] {8 * BLOCK, 33 * BLOCK + SECTOR, 100 * BLOCK - SECTOR, 200 * BLOCK}) {
                assertThat(pair.read(offset, length))
                        .as("%d bytes at %d", length, offset)
                        .isEqualTo(Arrays.copyOfRange(CONTENT, offset, offset + length));
            }
        }
    }

    @Test
    void manyAtATimeDoNotDisturbEachOther() {
        Stream.iterate(0, i -> i + 1)
                .limit(400)
                .parallel()
                .forEach(i -> assertThat(pair.read((long) i % 32 * BLOCK, 64 * BLOCK))
                        .isEqualTo(Arrays.copyOfRange(CONTENT, i % 32 * BLOCK, (i % 32 + 64) * BLOCK)));
    }

    @Test
    void aPartThatCannotBeReadFailsIt() {
        faults.add(Fault.error(DeviceException.Kind.IO).on(Operation.READ).at(MIB + BLOCK, BLOCK));
        assertThat(read(0, BLOCKS * BLOCK)).isEqualTo(DiskError.EIO);
        faults.clear();
        assertThat(pair.read(0, 16 * BLOCK)).hasSize(16 * BLOCK);
    }

    @Test
    void itCountsOnce() {
        long bytes = pair.disk.snapshot().statistics().userBytesRead();
        long hits = pair.disk.snapshot().statistics().readHits();
        pair.read(0, BLOCKS * BLOCK);
        assertThat(pair.disk.snapshot().statistics().userBytesRead() - bytes).isEqualTo(BLOCKS * BLOCK);
        assertThat(pair.disk.snapshot().statistics().readHits() - hits).isEqualTo(BLOCKS);
    }
}
