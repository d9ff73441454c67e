package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.random;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.TestData;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.EntryTables;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ThreadTasks;

/** How a batch is read from the cache device, and what of it counts as damaged. */
class BatchReaderTest {
    private static final int SEGMENT_BLOCKS = 64;
    private static final Geometry GEOMETRY = new Geometry(SEGMENT_BLOCKS, 32);
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO).on(Operation.READ);

    private final FaultDevice faults = new FaultDevice(
            new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)), new ThreadTasks((thread, e) -> {}));
    private final RecordingDevice cache = new RecordingDevice(faults);
    private final EntryTable entries = EntryTables.of(GEOMETRY);
    private final BatchReader reader = new BatchReader(cache, GEOMETRY, entries);
    private final Batch batch = new Batch(GEOMETRY, 4);

    @BeforeEach
    void begin() {
        batch.clear(0);
    }

    private static byte[] content(int position) {
        return random(position, BLOCK);
    }

    /** Takes all of a segment, and wants these blocks of it. */
    private void want(int slot, int... offsets) throws Exception {
        assertThat(batch.take(GEOMETRY.position(slot, 1), SEGMENT_BLOCKS - 1, 4))
                .isTrue();
        for (int offset : offsets) {
            int position = GEOMETRY.position(slot, offset);
            TestData.put(cache, GEOMETRY.byteOffset(position), content(position));
            int crc = new Crc().of(ByteBuffer.wrap(content(position)), 0, BLOCK);
            EntryTables.set(entries, position, 1000 - position, 0xFF, crc);
            batch.want(position, 1000 - position);
        }
        cache.forget();
    }

    private static Io readOf(int slot, int offset, int blocks) {
        return new Io(Kind.READ, GEOMETRY.byteOffset(GEOMETRY.position(slot, offset)), (long) blocks * BLOCK);
    }

    private void holdsAllBut(int... damaged) {
        for (int i = 0; i < batch.size(); i++) {
            int index = i;
            if (Arrays.stream(damaged).noneMatch(d -> d == index)) {
                byte[] block = new byte[BLOCK];
                batch.data.get(batch.dataAt(batch.position(i)), block);
                assertThat(block).as("block %d", i).isEqualTo(content(batch.position(i)));
            }
        }
    }

    @Test
    void blocksThatLieCloseAreReadInOneGo() throws Exception {
        want(2, 1, 2, 3, 19, 36); // fifteen lie between 3 and 19, sixteen between 19 and 36
        assertThat(reader.read(batch).isEmpty()).isTrue();
        assertThat(cache.noted()).containsExactly(readOf(2, 1, 19), readOf(2, 36, 1));
        assertThat(reader.bytesRead.sum()).isEqualTo(20 * BLOCK);
        holdsAllBut();
    }

    @Test
    void neverAcrossTheEndOfASegment() throws Exception {
        want(30, 63);
        want(31, 1, 63);
        want(0, 1);
        assertThat(reader.read(batch).isEmpty()).isTrue();
        assertThat(cache.noted())
                .containsExactly(readOf(30, 63, 1), readOf(31, 1, 1), readOf(31, 63, 1), readOf(0, 1, 1));
        holdsAllBut();
    }

    @Test
    void whatDoesNotFitIsReadThreeTimesMoreBeforeItCountsAsDamaged() throws Exception {
        want(2, 1, 2, 3);
        long at = GEOMETRY.byteOffset(GEOMETRY.position(2, 2));
        faults.add(Fault.bitFlip(at + 77, 3).times(3));
        assertThat(reader.read(batch).isEmpty())
                .as("the last time it was right")
                .isTrue();
        assertThat(cache.noted()).containsExactly(readOf(2, 1, 3), readOf(2, 2, 1), readOf(2, 2, 1), readOf(2, 2, 1));
        holdsAllBut();
        faults.add(Fault.bitFlip(at + 77, 3).times(4));
        assertThat(reader.read(batch).stream()).containsExactly(1);
        holdsAllBut(1);
    }

    @Test
    void aBlockThatCanNotBeReadDamagesNoOther() throws Exception {
        want(2, 1, 2, 3);
        faults.add(ERROR.at(GEOMETRY.byteOffset(GEOMETRY.position(2, 2)), 512));
        assertThat(reader.read(batch).stream()).containsExactly(1);
        assertThat(cache.noted()).hasSize(1 + 1 + 3 + 1);
        assertThat(reader.bytesRead.sum()).as("what was read in fact").isEqualTo(2 * BLOCK);
        holdsAllBut(1);
    }
}
