package writeboost.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.RescueReport.Range;
import writeboost.engine.log.Geometry;

/** What a rescue brings to the disk, and what it says of the rest. */
@Timeout(60)
class RescueTest {
    private static final int SEGMENT_BLOCKS = 16;
    private static final int SIZE = (int) (8 * MIB);

    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
    private final MemoryDevice backing = new MemoryDevice("backing", SIZE);
    private TestPair pair;
    private byte[] expected = new byte[0];

    @BeforeEach
    void format() throws Exception {
        TestData.fill(backing, 5);
        pair = new TestPair(cache, backing, SEGMENT_BLOCKS, TestPair.QUIET);
        expected = pair.backing(0, SIZE);
    }

    private void write(long offset, byte[] data) {
        pair.write(offset, data);
        System.arraycopy(data, 0, expected, (int) offset, data.length);
    }

    private void zero(long offset, long length) {
        pair.zero(offset, length);
        Arrays.fill(expected, (int) offset, (int) (offset + length), (byte) 0);
    }

    private void writeSome() throws IOException {
        write(0, random(1, 20 * BLOCK));
        pair.disk.flush(Progress.NONE);
        write(5 * BLOCK, random(2, BLOCK));
        write(7 * BLOCK + 512, random(3, 1024));
        write(100 * BLOCK, random(4, 40 * BLOCK));
        zero(120 * BLOCK, 60 * BLOCK);
        write(130 * BLOCK, random(5, 3 * BLOCK));
        pair.disk.sync();
        pair.disk.kill();
    }

    private RescueReport rescue() throws IOException {
        return new Rescue(cache, Progress.NONE).run(new WaitingToDevice(backing), Progress.NONE);
    }

    @Test
    void allThatWaitsComesToTheDisk() throws Exception {
        writeSome();
        byte[] before = TestPair.contentOf(cache, 0, (int) cache.sizeBytes());
        RescueReport report = rescue();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.savedBytes()).isEqualTo((1 + 20 + 3) * BLOCK + 1024);
        assertThat(report.zeroedBytes()).isEqualTo(57 * BLOCK);
        assertThat(pair.backing(0, SIZE)).isEqualTo(expected);
        assertThat(TestPair.contentOf(cache, 0, (int) cache.sizeBytes()))
                .as("the cache is only read")
                .isEqualTo(before);
    }

    @Test
    void itCanBeInterruptedAndRepeated() throws Exception {
        writeSome();
        assertThatThrownBy(() ->
                        new Rescue(cache, Progress.NONE).run(new WaitingToDevice(backing), (done, total) -> false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        rescue();
        RescueReport again = rescue();
        assertThat(again.isComplete()).isTrue();
        assertThat(pair.backing(0, SIZE)).isEqualTo(expected);
    }

    @Test
    void aDryRunTellsTheSameAndWritesNothing() throws Exception {
        writeSome();
        byte[] before = pair.backing(0, SIZE);
        RescueReport dry = new Rescue(cache, Progress.NONE).run(WaitingData.NOWHERE, Progress.NONE);
        assertThat(pair.backing(0, SIZE)).isEqualTo(before);
        assertThat(rescue()).isEqualTo(dry);
    }

    @Test
    void cache4ADamagedBlockIsListedByItsAddressAndLeftAsItIsOnTheDisk() throws Exception {
        byte[] data = random(4, 8 * BLOCK);
        write(100 * BLOCK, data);
        pair.disk.sync();
        pair.disk.kill();
        byte[] onDisk = pair.backing(102 * BLOCK, 2 * BLOCK);
        TestData.spoil(cache, Arrays.copyOfRange(data, 2 * BLOCK, 3 * BLOCK));
        TestData.spoil(cache, Arrays.copyOfRange(data, 3 * BLOCK, 4 * BLOCK));
        System.arraycopy(onDisk, 0, expected, 102 * BLOCK, 2 * BLOCK);
        RescueReport report = rescue();
        assertThat(report.lost()).containsExactly(new Range(102 * BLOCK, 2 * BLOCK, "damaged on the cache device"));
        assertThat(report.savedBytes()).isEqualTo(6 * BLOCK);
        assertThat(pair.backing(0, SIZE)).isEqualTo(expected);
    }

    @Test
    void ofABlockWrittenInPartOnlyThoseSectorsAreListed() throws Exception {
        pair.write(50 * BLOCK + 1024, random(4, 512));
        pair.disk.sync();
        pair.disk.kill();
        FaultDevice unreadable = new FaultDevice(cache, pair.tasks);
        unreadable.add(
                Fault.error(DeviceException.Kind.IO).on(Fault.Operation.READ).at(SmallCache.byteOffset(0, 1), BLOCK));
        RescueReport report = new Rescue(unreadable, Progress.NONE).run(new WaitingToDevice(backing), Progress.NONE);
        assertThat(report.lost())
                .containsExactly(new Range(50 * BLOCK + 1024, 512, "it can't be read from the cache device"));
        assertThat(pair.backing(0, SIZE)).isEqualTo(expected);
    }

    @Test
    void whatWasFoundLostBeforeIsListedToo() throws Exception {
        byte[] data = random(4, BLOCK);
        pair.write(30 * BLOCK, data);
        pair.disk.sync();
        TestData.spoil(cache, data);
        pair.disk.flush(Progress.NONE);
        pair.disk.kill();
        RescueReport report = rescue();
        assertThat(report.lost())
                .extracting(Range::offsetBytes, Range::lengthBytes)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(30L * BLOCK, (long) BLOCK));
        assertThat(report.lost().get(0).why()).startsWith("lost before");
    }

    @Test
    void cache13ACacheThatCannotBeOpenedAnyMoreGivesWhatIsIntact() throws Exception {
        for (int i = 0; i < 6; i++) {
            write(i * 20L * BLOCK, random(10 + i, 3 * BLOCK));
            pair.flush();
        }
        pair.disk.sync();
        pair.disk.kill();
        // The headers of two chunks, one behind the other: the first one's copy is gone with the second.
        spoilHeaderOfChunk(2);
        spoilHeaderOfChunk(3);
        assertThatThrownBy(() -> pair.open(TestPair.QUIET))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED));
        RescueReport report = rescue();
        assertThat(report.goneChunks()).containsExactly(2L);
        assertThat(report.isComplete()).isFalse();
        byte[] now = pair.backing(0, SIZE);
        for (int i = 0; i < 6; i++) {
            byte[] there = Arrays.copyOfRange(now, i * 20 * BLOCK, (i * 20 + 3) * BLOCK);
            if (i == 1) {
                assertThat(there).isNotEqualTo(random(10 + i, 3 * BLOCK));
            } else {
                assertThat(there).as("chunk %d", i + 1).isEqualTo(random(10 + i, 3 * BLOCK));
            }
        }
    }

    /** Each chunk has a header and three blocks; all lie in the first segment and the next. */
    private void spoilHeaderOfChunk(int seq) throws IOException {
        long at = SmallCache.byteOffset(0, (seq - 1) * 4);
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        cache.read(at, block);
        block.put(100, (byte) (block.get(100) ^ 1));
        cache.write(at, block.clear());
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void aSectorThatTheDiskRefusesKeepsNothingElseFromIt(int sectorBytes) throws Exception {
        writeSome();
        MemoryDevice disk = new MemoryDevice("backing", SIZE, sectorBytes);
        TestData.put(disk, 0, pair.backing(0, SIZE));
        FaultDevice refusing = new FaultDevice(disk, pair.tasks);
        refusing.add(
                Fault.error(DeviceException.Kind.IO).on(Fault.Operation.WRITE).at(103 * BLOCK, 512));
        RescueReport report = new Rescue(cache, Progress.NONE).run(new WaitingToDevice(refusing), Progress.NONE);
        assertThat(report.refused()).extracting(Range::offsetBytes).containsExactly(103L * BLOCK);
        assertThat(report.isComplete()).isFalse();
        byte[] now = TestPair.contentOf(disk, 0, SIZE);
        Arrays.fill(now, 103 * BLOCK, 104 * BLOCK, (byte) 0);
        Arrays.fill(expected, 103 * BLOCK, 104 * BLOCK, (byte) 0);
        assertThat(now).isEqualTo(expected);
    }

    @Test
    void anotherDiskThanTheOneOfTheCacheIsRefused() throws Exception {
        writeSome();
        Rescue rescue = new Rescue(cache, Progress.NONE);
        rescue.check(backing);
        assertThatThrownBy(() -> rescue.check(new MemoryDevice("other", SIZE)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FOREIGN));
    }
}
