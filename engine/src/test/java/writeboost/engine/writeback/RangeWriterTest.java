package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
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
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.task.ThreadTasks;

/** What becomes of a range on the backing device, piece by piece. */
class RangeWriterTest {
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);

    private final ThreadTasks tasks = new ThreadTasks((thread, e) -> {});
    private final byte[] content = random(1, 100 * BLOCK);
    private final FaultDevice faults = new FaultDevice(new MemoryDevice("disk", 64 * MIB), tasks);
    private final RecordingDevice disk = new RecordingDevice(faults);
    private final Set<Long> newer = new HashSet<>();
    private final RangeWriter writer = new RangeWriter(disk, viewOf(newer), tasks.newMonitor("test"), 64 * MIB);

    @BeforeEach
    void fill() throws Exception {
        TestData.put(disk, 0, content);
        disk.forget();
    }

    /** A cached disk of which nothing is asked but which blocks are newer than a range. */
    private static CacheView viewOf(Set<Long> newer) {
        return (CacheView) Proxy.newProxyInstance(
                CacheView.class.getClassLoader(), new Class<?>[] {CacheView.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("isNewerThan");
                    return newer.contains((Long) arguments[1]);
                });
    }

    private static RangeEntry range(int kind, long address, long lengthBlocks) {
        return new RangeEntry(1, 0, address, lengthBlocks, kind);
    }

    private byte[] onDisk(long block, int count) throws IOException {
        return TestPair.contentOf(faults, block * BLOCK, count * BLOCK);
    }

    private byte[] before(int block, int count) {
        return Arrays.copyOfRange(content, block * BLOCK, (block + count) * BLOCK);
    }

    @Test
    void whatIsNewerIsLeftOutWhereverItLies() throws Exception {
        newer.addAll(List.of(10L, 13L, 14L, 19L, 20L));
        assertThat(writer.write(List.of(range(EntryKind.ZERO, 10, 10)), 32)).isEmpty();
        assertThat(disk.noted())
                .containsExactly(new Io(Kind.ZERO, 11 * BLOCK, 2 * BLOCK), new Io(Kind.ZERO, 15 * BLOCK, 4 * BLOCK));
        assertThat(onDisk(10, 1)).isEqualTo(before(10, 1));
        assertThat(onDisk(13, 2)).isEqualTo(before(13, 2));
        assertThat(onDisk(19, 2)).isEqualTo(before(19, 2));
    }

    @Test
    void whereAllIsNewerNothingIsDone() throws Exception {
        LongStream.range(10, 20).forEach(newer::add);
        writer.write(List.of(range(EntryKind.ZERO, 10, 10), range(EntryKind.TRIM, 12, 5)), 32);
        assertThat(disk.noted()).isEmpty();
    }

    @Test
    void aTrimThatTheDiskRefusesChangesNothingAndIsNotToldOf() throws Exception {
        faults.add(ERROR.on(Operation.DISCARD));
        assertThat(writer.write(List.of(range(EntryKind.TRIM, 10, 10), range(EntryKind.ZERO, 50, 1)), 32))
                .isEmpty();
        assertThat(onDisk(10, 10)).isEqualTo(before(10, 10));
        assertThat(onDisk(50, 1)).containsOnly(0);
    }

    @Test
    void aDiskThatCanNotZeroGetsZerosWritten() throws Exception {
        faults.add(ERROR.on(Operation.ZERO));
        assertThat(writer.write(List.of(range(EntryKind.ZERO_NO_HOLE, 10, 5)), 32))
                .isEmpty();
        assertThat(disk.noted(Kind.WRITE)).hasSize(5).allMatch(io -> io.length() == BLOCK);
        assertThat(onDisk(10, 5)).containsOnly(0);
        assertThat(onDisk(9, 1)).isEqualTo(before(9, 1));
        assertThat(onDisk(15, 1)).isEqualTo(before(15, 1));
    }

    @Test
    void theBlocksThatItRefusesAllTheSameAreToldAndNoOthersKept() throws Exception {
        faults.add(ERROR.on(Operation.ZERO));
        faults.add(ERROR.on(Operation.WRITE).at(12 * BLOCK, 2 * BLOCK));
        RangeEntry range = range(EntryKind.ZERO, 10, 5);
        assertThat(writer.write(List.of(range), 2))
                .containsExactly(new RangeWriter.Refused(range, 12), new RangeWriter.Refused(range, 13));
        assertThat(onDisk(14, 1)).containsOnly(0);
        assertThat(writer.write(List.of(range(EntryKind.ZERO, 14, 1)), 2))
                .as("of this time only")
                .isEmpty();
    }

    @Test
    void aDiskThatRefusesMoreThanThatIsAtFaultItself() {
        faults.add(ERROR.on(Operation.ZERO, Operation.WRITE));
        assertThatThrownBy(() -> writer.write(List.of(range(EntryKind.ZERO, 10, 50)), 2))
                .isInstanceOf(IOException.class);
        assertThat(disk.noted(Kind.WRITE)).as("it is not tried further").hasSize(3);
    }
}
