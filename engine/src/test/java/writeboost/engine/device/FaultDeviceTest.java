package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.DeviceException.Kind;
import writeboost.engine.device.Fault.Operation;

class FaultDeviceTest {
    private final VirtualTasks tasks = new VirtualTasks();
    private final MemoryDevice memory = new MemoryDevice("memory", 1 << 20);
    private final FaultDevice device = new FaultDevice(memory, tasks);

    @Test
    void aTransientErrorStrikesTheNthOperationOnly() throws IOException {
        device.add(Fault.error(Kind.IO).on(Operation.WRITE).from(3).times(1));
        write(0, 512);
        write(0, 512);
        device.sync();
        read(0, 512);
        fails(Kind.IO, () -> write(0, 512));
        write(0, 512);
        assertThat(device.struck()).isEqualTo(1);
    }

    @Test
    void aStickyErrorStrikesFromTheNthOperationOnUntilCleared() throws IOException {
        device.add(Fault.error(Kind.GONE).from(2));
        write(0, 512);
        fails(Kind.GONE, () -> write(0, 512));
        fails(Kind.GONE, () -> read(0, 512));
        fails(Kind.GONE, device::sync);
        fails(Kind.GONE, () -> device.zero(0, 512, true));
        fails(Kind.GONE, () -> device.discard(0, 512));
        device.clear();
        write(0, 512);
        device.sync();
    }

    @Test
    void anErrorOfARangeStrikesWhatTouchesIt() throws IOException {
        device.add(Fault.error(Kind.IO).on(Operation.READ).at(4096, 1));
        read(0, 4096);
        read(4608, 4096);
        write(4096, 512);
        fails(Kind.IO, () -> read(4096, 512));
        fails(Kind.IO, () -> read(3584, 1024));
    }

    @Test
    void aFailedWriteMayHaveDonePartOfItsWork() throws IOException {
        device.add(
                Fault.error(Kind.NO_SPACE).on(Operation.WRITE).afterBytes(1500).times(1));
        fails(Kind.NO_SPACE, () -> write(0, 4096));
        byte[] expected = new byte[4096];
        Arrays.fill(expected, 0, 1024, (byte) 7);
        assertThat(read(0, 4096)).isEqualTo(expected);
    }

    @Test
    void aFailedWriteOrReadDoesNothingElse() throws IOException {
        device.add(Fault.error(Kind.IO).times(1));
        fails(Kind.IO, () -> write(0, 4096));
        assertThat(read(0, 4096)).containsOnly(0);
    }

    @Test
    void aFlippedBitIsReadButNotStored() throws IOException {
        device.add(Fault.bitFlip(1000, 3).times(1));
        write(0, 4096);
        byte[] expected = new byte[4096];
        Arrays.fill(expected, (byte) 7);
        read(1024, 512);
        expected[1000] ^= 8;
        assertThat(read(0, 4096)).isEqualTo(expected);
        expected[1000] ^= 8;
        assertThat(read(0, 4096)).isEqualTo(expected);
    }

    @Test
    void aFlippedBitIsInTheRightPlaceOfABufferThatDoesNotBeginAtZero() throws IOException {
        device.add(Fault.bitFlip(512, 0));
        ByteBuffer buffer = ByteBuffer.allocate(2048).position(512);
        device.read(0, buffer);
        assertThat(buffer.get(1024)).isEqualTo((byte) 1);
    }

    @Test
    void aDelayTakesTimeAndNothingElse() throws IOException {
        device.add(Fault.delay(5_000).on(Operation.SYNC));
        long before = tasks.nanoTime();
        write(0, 512);
        assertThat(tasks.nanoTime()).isEqualTo(before);
        device.sync();
        assertThat(tasks.nanoTime()).isEqualTo(before + 5_000);
    }

    @Test
    void faultsThatNeverStrikeAreRefused() {
        Fault fault = Fault.error(Kind.IO);
        assertThatThrownBy(() -> fault.from(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fault.times(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fault.delay(1).afterBytes(512)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void fails(Kind kind, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining("memory")
                .hasMessageContaining("injected");
    }

    private void write(long offset, int length) throws IOException {
        byte[] sevens = new byte[length];
        Arrays.fill(sevens, (byte) 7);
        device.write(offset, ByteBuffer.wrap(sevens));
    }

    private byte[] read(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        device.read(offset, buffer);
        return buffer.array();
    }
}
