package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The devices that take time; a virtual clock tells how much. */
class SlowDevicesTest {
    private static final long MS = 1_000_000;

    private final VirtualTasks tasks = new VirtualTasks();
    private final MemoryDevice memory = new MemoryDevice("memory", 64 << 20);
    private final long begunNs = tasks.nanoTime();

    @Test
    void bytesOfAThrottledDeviceTakeTheirTime() throws IOException {
        ThrottledDevice device = throttled(1 << 20, 0, 0);
        device.write(0, ByteBuffer.allocate(512 << 10));
        assertThat(passedNs()).isEqualTo(500 * MS);
        device.read(0, ByteBuffer.allocate(256 << 10));
        assertThat(passedNs()).isEqualTo(750 * MS);
        device.sync();
        assertThat(passedNs()).isEqualTo(750 * MS);
    }

    @Test
    void idleTimeOfAThrottledDeviceIsNotSavedUp() throws IOException {
        ThrottledDevice device = throttled(1 << 20, 0, 0);
        tasks.sleep(10_000 * MS);
        device.write(0, ByteBuffer.allocate(1 << 20));
        assertThat(passedNs()).isEqualTo(11_000 * MS);
    }

    @Test
    void eachRequestAndEachSyncOfAThrottledDeviceHasItsLatency() throws IOException {
        ThrottledDevice device = throttled(0, 2 * MS, 7 * MS);
        device.write(0, ByteBuffer.allocate(4096));
        device.zero(0, 4096, true);
        device.discard(0, 4096);
        assertThat(passedNs()).isEqualTo(6 * MS);
        device.sync();
        assertThat(passedNs()).isEqualTo(13 * MS);
    }

    @Test
    void theModelledDiskTakesItsTimeAndKeepsTheContent() throws IOException {
        SpinningDevice disk = new SpinningDevice(memory, DiskModel.EXTERNAL_7200_RPM, tasks);
        assertThat(disk.name()).isEqualTo("hdd:memory");
        assertThat(disk.canDiscard()).isFalse();
        disk.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).limit(0)); // nothing: a command all the same
        disk.write(32 << 20, ByteBuffer.wrap(filled()));
        long writtenNs = passedNs();
        assertThat(writtenNs).isLessThan(MS);
        disk.sync();
        assertThat(passedNs()).isBetween(writtenNs + MS, writtenNs + 25 * MS);
        ByteBuffer back = ByteBuffer.allocate(4096);
        disk.read(32 << 20, back);
        assertThat(back.array()).isEqualTo(filled());
    }

    @Test
    void aDiskWithOneCallerTakesCommandsAsTheyCome() throws IOException {
        Spindle alone = new Spindle(DiskModel.EXTERNAL_7200_RPM, memory.sizeBytes());
        SpinningDevice disk = new SpinningDevice(memory, DiskModel.EXTERNAL_7200_RPM, tasks);
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            tasks.sleep(random.nextInt(3) * 10L * MS);
            long offset = random.nextInt((int) (memory.sizeBytes() / 4096)) * 4096L;
            long nowNs = tasks.nanoTime();
            long expectedNs = switch (random.nextInt(6)) {
                case 0 -> {
                    disk.sync();
                    yield alone.flush(nowNs);
                }
                case 1 -> {
                    disk.write(offset, ByteBuffer.allocate(4096));
                    yield alone.write(nowNs, offset, 4096);
                }
                case 2 -> {
                    disk.zero(offset, 4096, true);
                    yield alone.write(nowNs, offset, 4096);
                }
                default -> {
                    disk.read(offset, ByteBuffer.allocate(4096));
                    yield alone.read(nowNs, offset, 4096);
                }
            };
            assertThat(tasks.nanoTime()).isEqualTo(expectedNs);
        }
    }

    @Test
    void discardOnTheModelledDiskChangesNothing() throws IOException {
        SpinningDevice disk = new SpinningDevice(memory, DiskModel.EXTERNAL_7200_RPM, tasks);
        disk.write(0, ByteBuffer.wrap(filled()));
        disk.discard(0, 4096);
        ByteBuffer back = ByteBuffer.allocate(4096);
        disk.read(0, back);
        assertThat(back.array()).isEqualTo(filled());
    }

    @Test
    void aRequestThatFailsBelowFailsOnTheModelledDisk() {
        FaultDevice broken = new FaultDevice(memory, tasks);
        broken.add(Fault.error(DeviceException.Kind.IO));
        SpinningDevice disk = new SpinningDevice(broken, DiskModel.EXTERNAL_7200_RPM, tasks);
        assertThatThrownBy(() -> disk.write(0, ByteBuffer.allocate(512))).isInstanceOf(DeviceException.class);
        assertThatThrownBy(disk::sync).isInstanceOf(DeviceException.class);
    }

    @Test
    void countsAreOfRequestsBytesAndBusyTime() throws IOException {
        CountingDevice device = new CountingDevice(throttled(0, 2 * MS, 7 * MS), tasks);
        device.write(0, ByteBuffer.allocate(8192));
        device.write(0, ByteBuffer.allocate(512));
        device.read(0, ByteBuffer.allocate(4096));
        device.sync();
        tasks.sleep(1_000 * MS);
        assertThat(device.counts()).isEqualTo(new CountingDevice.Counts(1, 4096, 2, 8704, 1, 13 * MS));
    }

    @Test
    void failedRequestsAreCountedAndEndTheBusyTime() {
        FaultDevice broken = new FaultDevice(memory, tasks);
        broken.add(Fault.error(DeviceException.Kind.IO));
        CountingDevice device = new CountingDevice(broken, tasks);
        assertThatThrownBy(device::sync).isInstanceOf(DeviceException.class);
        tasks.sleep(MS);
        assertThat(device.counts()).isEqualTo(new CountingDevice.Counts(0, 0, 0, 0, 1, 0));
    }

    private ThrottledDevice throttled(long bytesPerSecond, long requestNs, long syncNs) {
        return new ThrottledDevice(memory, new ThrottledDevice.Limits(bytesPerSecond, requestNs, syncNs), tasks);
    }

    private long passedNs() {
        return tasks.nanoTime() - begunNs;
    }

    private static byte[] filled() {
        return BlockDeviceContract.random(1, 4096);
    }
}
