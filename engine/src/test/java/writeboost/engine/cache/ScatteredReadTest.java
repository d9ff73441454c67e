package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.SECTOR;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
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
import writeboost.engine.device.ReadList;
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

    /** Remembers how many places it was asked for together. */
    private static final class Gathering extends ForwardingDevice {
        final List<Integer> lists = new CopyOnWriteArrayList<>();

        Gathering(FaultDevice inner) {
            super(inner);
        }

        @Override
        public void readAll(ReadList list) throws IOException {
            lists.add(list.size());
            super.readAll(list);
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
    void itsPlacesAreReadTogether() {
        assertThat(pair.read(0, BLOCKS * BLOCK)).isEqualTo(CONTENT);
        assertThat(cache.lists).containsExactly(BLOCKS);
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
    void aPlaceThatCannotBeReadFailsOnlyWhoNeedsIt() {
        faults.add(Fault.error(DeviceException.Kind.IO).on(Operation.READ).at(MIB + BLOCK, BLOCK));
        assertThat(read(0, BLOCKS * BLOCK)).isEqualTo(DiskError.EIO);
        List<Integer> bad = IntStream.range(0, BLOCKS)
                .filter(b -> read((long) b * BLOCK, BLOCK) != DiskError.OK)
                .boxed()
                .toList();
        assertThat(bad).hasSize(1);
        int after = (bad.get(0) + 1) * BLOCK;
        assertThat(pair.read(after, BLOCKS * BLOCK - after))
                .isEqualTo(Arrays.copyOfRange(CONTENT, after, BLOCKS * BLOCK));
    }

    @Test
    void aPassingErrorOfOnePlaceIsNoneOfTheRequest() {
        faults.add(Fault.error(DeviceException.Kind.IO)
                .on(Operation.READ)
                .at(MIB + BLOCK, BLOCK)
                .times(1));
        assertThat(pair.read(0, BLOCKS * BLOCK)).isEqualTo(CONTENT);
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
