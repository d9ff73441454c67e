package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.EntryTables;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ThreadTasks;

/** How the blocks of a batch come to the backing device, and which it refuses. */
class MergedWriterTest {
    private static final Geometry GEOMETRY = new Geometry(128, 32);
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);
    private static final byte[] BEFORE = random(1, 8 * BLOCK);

    private final EntryTable entries = EntryTables.of(GEOMETRY);
    private final Batch batch = new Batch(GEOMETRY, 4);
    private final List<Integer> paced = new ArrayList<>();
    private FaultDevice faults;
    private RecordingDevice disk;
    private MergedWriter writer;

    MergedWriterTest() throws IOException {
        batch.clear(0);
        diskOfSectors(512);
    }

    private void diskOfSectors(int sectorBytes) throws IOException {
        faults = new FaultDevice(new MemoryDevice("disk", 4 * MIB, sectorBytes), new ThreadTasks((thread, e) -> {}));
        disk = new RecordingDevice(faults);
        TestData.put(disk, 0, BEFORE);
        disk.forget();
        writer = new MergedWriter(disk, entries);
    }

    private static byte[] content(long address) {
        return random(5000 + address, BLOCK);
    }

    /** Wants the valid sectors of a block. */
    private void want(long address, int valid) {
        int position = GEOMETRY.position(batch.size() / 127, 1 + batch.size() % 127);
        if (position % 128 == 1) {
            batch.take(position, 127, 4);
        }
        EntryTables.set(entries, position, address, valid, 0);
        batch.want(position, address);
        batch.data.put(batch.dataAt(position), content(address));
    }

    private void want(long... addresses) {
        for (long address : addresses) {
            want(address, 0xFF);
        }
    }

    private List<Integer> write(int... leftOut) {
        BitSet leaveOut = new BitSet();
        Arrays.stream(leftOut).forEach(leaveOut::set);
        batch.sort(0);
        return writer.write(batch, leaveOut, paced::add).stream().boxed().toList();
    }

    private byte[] onDisk(long block) throws IOException {
        return TestPair.contentOf(faults, block * BLOCK, BLOCK);
    }

    private static byte[] before(int block) {
        return Arrays.copyOfRange(BEFORE, block * BLOCK, (block + 1) * BLOCK);
    }

    @Test
    void neighboursAreOneWriteAndWhatIsLeftOutSplitsThem() throws Exception {
        want(5, 3, 4, 9, 6);
        assertThat(write(0)).isEmpty(); // block 5
        assertThat(disk.noted())
                .containsExactly(
                        new Io(Kind.WRITE, 3 * BLOCK, 2 * BLOCK),
                        new Io(Kind.WRITE, 6 * BLOCK, BLOCK),
                        new Io(Kind.WRITE, 9 * BLOCK, BLOCK));
        assertThat(onDisk(4)).isEqualTo(content(4));
        assertThat(onDisk(5)).isEqualTo(before(5));
        assertThat(writer.writes.sum()).isEqualTo(3);
        assertThat(writer.bytesWritten.sum()).isEqualTo(4 * BLOCK);
        assertThat(paced).as("whoever sets the pace is told of each write").containsExactly(2, 1, 1);
    }

    @Test
    void aBlockThatTheDiskRefusesKeepsNoNeighbourFromIt() throws Exception {
        want(3, 4, 5, 6);
        faults.add(ERROR.on(Operation.WRITE).at(4 * BLOCK, BLOCK));
        faults.add(ERROR.on(Operation.WRITE).at(6 * BLOCK, 512));
        assertThat(write()).containsExactly(1, 3);
        assertThat(onDisk(3)).isEqualTo(content(3));
        assertThat(onDisk(5)).isEqualTo(content(5));
        assertThat(writer.writes.sum()).as("those that succeeded").isEqualTo(2);
        assertThat(writer.bytesWritten.sum()).isEqualTo(2 * BLOCK);
    }

    @Test
    void aRunOfTheLargestWriteIsOneAndABlockMoreIsTwo() throws Exception {
        for (long a = 0; a < 257; a++) {
            want(a);
        }
        assertThat(write()).isEmpty();
        assertThat(disk.noted())
                .containsExactly(new Io(Kind.WRITE, 0, 256 * BLOCK), new Io(Kind.WRITE, 256 * BLOCK, BLOCK));
        assertThat(paced).containsExactly(256, 1);
        assertThat(onDisk(256)).isEqualTo(content(256));
    }

    @Test
    void ofAPartOnlyItsSectorsAreWritten() throws Exception {
        want(2, 0b1000_0110);
        assertThat(write()).isEmpty();
        assertThat(disk.noted())
                .containsExactly(
                        new Io(Kind.WRITE, 2 * BLOCK + 512, 1024), new Io(Kind.WRITE, 2 * BLOCK + 7 * 512, 512));
        byte[] expected = before(2);
        System.arraycopy(content(2), 512, expected, 512, 1024);
        System.arraycopy(content(2), 7 * 512, expected, 7 * 512, 512);
        assertThat(onDisk(2)).isEqualTo(expected);
        assertThat(paced).containsExactly(1);
    }

    @Test
    void aPartOfWhichOnePieceIsRefusedIsRefused() {
        want(2, 0b1000_0110);
        faults.add(ERROR.on(Operation.WRITE).at(2 * BLOCK + 512, 512));
        assertThat(write()).containsExactly(0);
    }

    @Test
    void whereSectorsAreLargeAPartIsCompletedFromTheDisk() throws Exception {
        diskOfSectors(BLOCK);
        want(2, 0b1000_0110);
        assertThat(write()).isEmpty();
        assertThat(disk.noted())
                .containsExactly(new Io(Kind.READ, 2 * BLOCK, BLOCK), new Io(Kind.WRITE, 2 * BLOCK, BLOCK));
        byte[] expected = before(2);
        System.arraycopy(content(2), 512, expected, 512, 1024);
        System.arraycopy(content(2), 7 * 512, expected, 7 * 512, 512);
        assertThat(onDisk(2)).isEqualTo(expected);
        assertThat(writer.bytesRead.sum()).isEqualTo(BLOCK);
    }

    /** Else the rest of the block would be overwritten with what happens to lie in memory. */
    @Test
    void aPartThatCanNotBeCompletedIsRefusedAndNothingIsWritten() throws Exception {
        diskOfSectors(BLOCK);
        want(2, 0b1);
        faults.add(ERROR.on(Operation.READ));
        assertThat(write()).containsExactly(0);
        assertThat(disk.noted(Kind.WRITE)).isEmpty();
        faults.clear();
        faults.add(ERROR.on(Operation.WRITE));
        assertThat(write()).as("nor can it be written").containsExactly(0);
    }
}
