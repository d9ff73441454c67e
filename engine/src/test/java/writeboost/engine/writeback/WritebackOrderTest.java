package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.Settings;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.log.Geometry;

/** What writeback does to the devices: how it reads, and in which order and how large it writes. */
@Timeout(60)
class WritebackOrderTest {
    private static final long SIZE = 64 * MIB;

    private final RecordingDevice backing;
    private final RecordingDevice cache;
    private final TestPair pair;

    WritebackOrderTest() throws Exception {
        backing = new RecordingDevice(new MemoryDevice("backing", SIZE));
        cache = new RecordingDevice(
                new MemoryDevice("cache", Geometry.minCacheBytes(Geometry.SEGMENT_BLOCKS) + 128 * 512 * 1024));
        pair = new TestPair(cache, backing, Geometry.SEGMENT_BLOCKS, TestPair.QUIET);
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private static byte[] block(long address) {
        return random(address, BLOCK);
    }

    private void write(long address) {
        assertThat(pair.write(address * BLOCK, block(address))).isEqualTo(DiskError.OK);
    }

    /** Writes back, and returns what was done to the backing device. */
    private List<Io> flushed() throws Exception {
        backing.forget();
        cache.forget();
        pair.disk.flush(Progress.NONE);
        return backing.noted();
    }

    private List<Io> flushedWrites() throws Exception {
        return flushed().stream().filter(io -> io.kind() == Kind.WRITE).toList();
    }

    private void holdsBlocks(long... addresses) throws Exception {
        for (long address : addresses) {
            assertThat(pair.backing(address * BLOCK, BLOCK))
                    .as("block %d of the disk", address)
                    .isEqualTo(block(address));
        }
    }

    @Test
    void neighboursBecomeOneWriteInWhateverOrderTheyWereWritten() throws Exception {
        List<Long> addresses = new ArrayList<>();
        for (long a = 100; a < 150; a++) {
            addresses.add(a);
        }
        Collections.shuffle(addresses, new Random(1));
        addresses.forEach(this::write);
        assertThat(flushedWrites()).containsExactly(new Io(Kind.WRITE, 100 * BLOCK, 50 * BLOCK));
        holdsBlocks(100, 120, 149);
    }

    @Test
    void aBatchIsOneAscendingPass() throws Exception {
        List<Long> addresses = new ArrayList<>();
        for (long a = 0; a < 1500; a++) {
            addresses.add(a * 7 % (SIZE / BLOCK));
        }
        Collections.shuffle(addresses, new Random(2));
        addresses.forEach(this::write);
        List<Io> writes = flushedWrites();
        assertThat(writes).extracting(Io::offset).isSorted().hasSize(1500);
        assertThat(backing.noted(Kind.SYNC)).as("one sync for the batch").hasSize(1);
        assertThat(pair.disk.snapshot().statistics().backingWrites()).isEqualTo(1500);
    }

    @Test
    void manyBatchesAreManyAscendingPasses() throws Exception {
        pair.disk.settings(new Settings(0, 4, 0, 0, 0)); // batches of at most 4 segments
        Random random = new Random(3);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 20 * 127; i++) {
            all.add((long) random.nextInt((int) (SIZE / BLOCK)));
        }
        all.forEach(this::write);
        List<Io> done = flushed();
        int passes = 0;
        int segmentsOfBlocks = 0;
        List<Long> pass = new ArrayList<>();
        for (Io io : done) {
            if (io.kind() == Kind.WRITE) {
                pass.add(io.offset());
                segmentsOfBlocks += (int) (io.length() / BLOCK);
            } else if (io.kind() == Kind.SYNC) {
                assertThat(pass).as("pass %d", passes).isSorted().isNotEmpty();
                pass.clear();
                passes++;
            }
        }
        assertThat(pass).as("every write is followed by a sync").isEmpty();
        assertThat(passes).isEqualTo(5);
        assertThat(segmentsOfBlocks).isLessThanOrEqualTo(20 * 127);
        for (long a : all) {
            holdsBlocks(a);
        }
    }

    @Test
    void aRunIsCutAtOneMebibyte() throws Exception {
        pair.write(0, random(9, (int) (3 * MIB) + 3 * BLOCK));
        assertThat(flushedWrites())
                .containsExactly(
                        new Io(Kind.WRITE, 0, MIB),
                        new Io(Kind.WRITE, MIB, MIB),
                        new Io(Kind.WRITE, 2 * MIB, MIB),
                        new Io(Kind.WRITE, 3 * MIB, 3 * BLOCK));
        assertThat(pair.backing(0, (int) (3 * MIB) + 3 * BLOCK)).isEqualTo(random(9, (int) (3 * MIB) + 3 * BLOCK));
    }

    @Test
    void aBlockThatWasWrittenOftenIsWrittenBackOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            pair.write(5 * BLOCK, random(1000 + i, BLOCK));
            pair.flush(); // each is an entry of its own
        }
        assertThat(flushedWrites()).containsExactly(new Io(Kind.WRITE, 5 * BLOCK, BLOCK));
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(random(1019, BLOCK));
    }

    @Test
    void cleanBlocksAreNotWrittenBack() throws Exception {
        pair.disk.settings(new Settings(0, 32, 0, 0, 32));
        pair.read(20 * BLOCK, 4 * BLOCK);
        write(3);
        assertThat(flushedWrites()).containsExactly(new Io(Kind.WRITE, 3 * BLOCK, BLOCK));
        assertThat(flushedWrites()).as("nothing is dirty any more").isEmpty();
    }

    @Test
    void onlyTheKnownSectorsOfAPartOfABlockAreWritten() throws Exception {
        byte[] disk = random(50, 4 * BLOCK);
        TestData.put(backing, 8 * BLOCK, disk);
        byte[] data = random(51, 1024);
        pair.write(8 * BLOCK + 512, data); // sectors 1 and 2
        pair.write(8 * BLOCK + 5 * 512, data); // sectors 5 and 6
        assertThat(flushedWrites())
                .containsExactly(
                        new Io(Kind.WRITE, 8 * BLOCK + 512, 1024), new Io(Kind.WRITE, 8 * BLOCK + 5 * 512, 1024));
        System.arraycopy(data, 0, disk, 512, 1024);
        System.arraycopy(data, 0, disk, 5 * 512, 1024);
        assertThat(pair.backing(8 * BLOCK, 4 * BLOCK)).isEqualTo(disk);
    }

    @Test
    void aPartBetweenWholeBlocksKeepsTheOrder() throws Exception {
        write(10);
        pair.write(11 * BLOCK, random(1, 512));
        write(12);
        assertThat(flushedWrites())
                .containsExactly(
                        new Io(Kind.WRITE, 10 * BLOCK, BLOCK),
                        new Io(Kind.WRITE, 11 * BLOCK, 512),
                        new Io(Kind.WRITE, 12 * BLOCK, BLOCK));
    }

    @Test
    void aSegmentThatIsWantedWholeIsOneLargeReadOfTheLog() throws Exception {
        for (long a = 0; a < 127; a++) {
            write(3 * a);
        }
        flushed();
        List<Io> reads = cache.noted(Kind.READ);
        assertThat(reads).hasSize(1);
        assertThat(reads.get(0).length()).isEqualTo(127 * BLOCK);
    }

    @Test
    void ofASegmentOfWhichLittleIsWantedLittleIsRead() throws Exception {
        for (long a = 0; a < 127; a++) {
            write(a);
        }
        for (long a = 0; a < 127; a++) {
            if (a != 0 && a != 120) {
                write(a); // supersedes all but two of the first segment
            }
        }
        pair.flush();
        flushed();
        long bytes = cache.noted(Kind.READ).stream().mapToLong(Io::length).sum();
        assertThat(bytes).isEqualTo(127 * BLOCK);
        assertThat(cache.noted(Kind.READ)).hasSize(3);
        holdsBlocks(0, 1, 119, 120, 126);
    }

    @Test
    void aDiskWithLargeSectorsGetsWholeBlocks() throws Exception {
        byte[] disk = random(60, 4 * BLOCK);
        RecordingDevice large = new RecordingDevice(new MemoryDevice("large", 4 * MIB, BLOCK));
        TestData.put(large, 0, disk);
        MemoryDevice small = new MemoryDevice("small", Geometry.minCacheBytes(32));
        try (TestPair p = new TestPair(small, large, 32, TestPair.QUIET)) {
            byte[] data = random(61, 700);
            p.write(BLOCK + 1000, data); // a part of block 1, and not even whole sectors
            p.write(2 * BLOCK, Arrays.copyOf(data, 512));
            large.forget();
            p.disk.flush(Progress.NONE);
            assertThat(large.noted(Kind.WRITE))
                    .containsExactly(new Io(Kind.WRITE, BLOCK, BLOCK), new Io(Kind.WRITE, 2 * BLOCK, BLOCK));
            System.arraycopy(data, 0, disk, BLOCK + 1000, 700);
            System.arraycopy(data, 0, disk, 2 * BLOCK, 512);
            assertThat(p.backing(0, 4 * BLOCK)).isEqualTo(disk);
        }
    }
}
