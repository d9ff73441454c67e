package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.device.DeviceException.Kind;

/** A device over a kernel that answers as told; and what only this implementation does. */
class DirectDeviceTest {
    private static final int SIZE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private final Deque<Long> answers = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = folder.resolve("disk");
        Files.write(file, new byte[SIZE_BYTES]);
    }

    @Test
    void shortReadsAndWritesAndInterruptedCallsAreContinued() throws IOException {
        DirectDevice device = scripted(512);
        answer(512, -Errno.EINTR, 1024, 2560);
        device.read(4096, BounceBuffers.allocate(4096));
        assertThat(calls).containsExactly("pread 4096+4096", "pread 4608+3584", "pread 4608+3584", "pread 5632+2560");
        calls.clear();
        answer(-Errno.EINTR, 3584, 512);
        ByteBuffer buffer = BounceBuffers.allocate(8192).limit(4096);
        device.write(0, buffer);
        assertThat(calls).containsExactly("pwrite 0+4096", "pwrite 0+4096", "pwrite 3584+512");
        assertThat(buffer.position()).isEqualTo(4096);
        calls.clear();
        answer(-Errno.EINTR, -Errno.EINTR, 0);
        device.sync();
        assertThat(calls).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"5, IO", "22, IO", "1, IO", "28, NO_SPACE", "122, NO_SPACE", "27, NO_SPACE", "19, GONE", "6, GONE"})
    void theKernelsErrorsAreToldByKind(int errno, Kind kind) throws IOException {
        DirectDevice device = scripted(512);
        answer(-errno, -errno, 1024, -errno, -errno);
        fails(kind, () -> device.read(512, BounceBuffers.allocate(4096)), "cannot read", "at byte 512, 4096 bytes");
        fails(kind, () -> device.write(512, BounceBuffers.allocate(4096)), "cannot write", "at byte 512, 4096 bytes");
        fails(kind, () -> device.write(0, BounceBuffers.allocate(4096)), "cannot write", "at byte 0, 4096 bytes");
        fails(kind, device::sync, "cannot flush");
    }

    private void fails(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable operation, String... words) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContainingAll(words)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("words of errno");
    }

    @Test
    void theEndOfAFileThatWasCutIsAnError() throws IOException {
        DirectDevice device = scripted(512);
        answer(1024, 0);
        assertThatThrownBy(() -> device.read(0, BounceBuffers.allocate(4096)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("ends earlier");
    }

    @Test
    void aFailedSyncIsNotTriedAgain() throws IOException {
        DirectDevice device = scripted(512);
        answer(-Errno.EIO);
        assertThatThrownBy(device::sync).isInstanceOf(DeviceException.class);
        assertThat(calls).containsExactly("fdatasync");
    }

    @Test
    void whereHolesCannotBeMadeZerosAreWritten() throws IOException {
        DirectDevice device = scripted(512);
        answer(-Errno.EINTR, -Errno.EOPNOTSUPP, 4096);
        device.zero(8192, 4096, true);
        assertThat(calls).containsExactly("fallocate 3 8192+4096", "fallocate 3 8192+4096", "pwrite 8192+4096");
        calls.clear();
        answer(0);
        device.zero(8192, 4096, false);
        assertThat(calls).containsExactly("fallocate 17 8192+4096");
    }

    @Test
    void afterARefusedDiscardNoMoreAreTried() throws IOException {
        DirectDevice device = scripted(512);
        assertThat(device.canDiscard()).isTrue();
        answer(-Errno.EOPNOTSUPP);
        device.discard(0, 4096);
        assertThat(device.canDiscard()).isFalse();
        device.discard(0, 4096);
        assertThat(calls).containsExactly("fallocate 3 0+4096");
    }

    @Test
    void aDescriptorIsClosedOnceAndOnlyWhenItsLastUseHasEnded() throws IOException {
        Descriptor descriptor = new Descriptor(new ScriptedKernel(), 77, "disk");
        assertThat(descriptor.enter()).isEqualTo(77);
        assertThat(descriptor.enter()).isEqualTo(77);
        descriptor.close();
        descriptor.close();
        assertThatThrownBy(descriptor::enter).isInstanceOf(DeviceException.class);
        descriptor.exit();
        assertThat(calls).isEmpty();
        descriptor.exit();
        assertThat(calls).containsExactly("close 77");
        assertThatThrownBy(descriptor::enter).isInstanceOf(DeviceException.class);
        descriptor.close();
        assertThat(calls).hasSize(1);
    }

    @Test
    void inTheSteadyStateNothingIsAllocatedPerRequest() throws IOException {
        try (BlockDevice device = Devices.open(file.toString(), DeviceOptions.exclusive(), new VirtualTasks())) {
            ByteBuffer direct = BounceBuffers.allocate(4096);
            ByteBuffer heap = ByteBuffer.allocate(4096);
            exercise(device, direct, heap, 500); // classes, buffers and tables are made now
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            exercise(device, direct, heap, 1000);
            long bytesPerRequest = (threads.getCurrentThreadAllocatedBytes() - before) / 4000;
            assertThat(bytesPerRequest).isZero();
        }
    }

    private static void exercise(BlockDevice device, ByteBuffer direct, ByteBuffer heap, int rounds)
            throws IOException {
        for (int i = 0; i < rounds; i++) {
            device.write(4096, direct.clear());
            device.read(4096, direct.clear());
            device.write(4096, heap.clear());
            device.read(4096, heap.clear());
        }
    }

    @Test
    void holesGiveTheRoomBackAndZeroingWithoutHolesKeepsIt() throws IOException {
        try (BlockDevice device = Devices.open(file.toString(), DeviceOptions.exclusive(), new VirtualTasks())) {
            device.write(0, ByteBuffer.wrap(BlockDeviceContract.random(1, SIZE_BYTES)));
            device.sync();
            long full = blocks();
            device.zero(0, SIZE_BYTES / 2, false);
            device.sync();
            assertThat(blocks()).isEqualTo(full);
            device.zero(0, SIZE_BYTES / 2, true);
            device.sync();
            assertThat(blocks()).isLessThanOrEqualTo(full / 2 + 16);
            device.discard(SIZE_BYTES / 2, SIZE_BYTES / 2);
            device.sync();
            assertThat(blocks()).isLessThanOrEqualTo(16);
            assertThat(Files.size(file)).isEqualTo(SIZE_BYTES);
        }
    }

    /** Room that the file takes, in units of 512 bytes. */
    private long blocks() throws IOException {
        Loop.Result result = Loop.run("stat", "--format=%b", file.toString());
        return Long.parseLong(result.output());
    }

    @Test
    void anInspectorReadsWhatTheOwnerWritesAndCannotWrite() throws IOException {
        try (BlockDevice owner = Devices.open(file.toString(), DeviceOptions.exclusive(), new VirtualTasks());
                BlockDevice inspector = Devices.open(file.toString(), DeviceOptions.inspect(), new VirtualTasks())) {
            byte[] data = BlockDeviceContract.random(1, 8192);
            for (ByteBuffer from : List.of(ByteBuffer.wrap(data), BlockDeviceContract.aligned(data))) {
                owner.zero(0, 8192, true);
                owner.write(0, from);
                ByteBuffer into = ByteBuffer.allocate(8192);
                inspector.read(0, into);
                assertThat(into.array()).isEqualTo(data);
            }
            assertThat(inspector.canDiscard()).isFalse();
            assertThatThrownBy(() -> inspector.write(0, ByteBuffer.allocate(512)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("opened only for reading");
            assertThatThrownBy(() -> inspector.zero(0, 512, true)).isInstanceOf(DeviceException.class);
            assertThatThrownBy(() -> inspector.discard(0, 512)).isInstanceOf(DeviceException.class);
        }
    }

    @Test
    void aFileCutWhileOpenFailsWithAMessage() throws IOException {
        try (BlockDevice device = Devices.open(file.toString(), DeviceOptions.exclusive(), new VirtualTasks());
                FileChannel other = FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            other.truncate(4096);
            assertThatThrownBy(() -> device.read(8192, ByteBuffer.allocate(4096)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("ends earlier");
        }
    }

    private void answer(long... values) {
        for (long value : values) {
            answers.add(value);
        }
    }

    private DirectDevice scripted(int alignment) throws IOException {
        FileTarget target = FileTarget.of(file);
        return new DirectDevice(
                new ScriptedKernel(),
                77,
                target,
                new FileDevice.Geometry(SIZE_BYTES, 512, alignment, true),
                DeviceIdentities.of(target, SIZE_BYTES));
    }

    private final class ScriptedKernel implements LibC {
        private long next(String call) {
            calls.add(call);
            return Objects.requireNonNull(answers.poll(), call);
        }

        @Override
        public int open(String path, int flags, int mode) {
            return (int) next("open");
        }

        @Override
        public int close(int fd) {
            calls.add("close " + fd);
            return 0;
        }

        @Override
        public long pread(int fd, long address, long lengthBytes, long offsetBytes) {
            return next("pread " + offsetBytes + "+" + lengthBytes);
        }

        @Override
        public long pwrite(int fd, long address, long lengthBytes, long offsetBytes) {
            return next("pwrite " + offsetBytes + "+" + lengthBytes);
        }

        @Override
        public int fdatasync(int fd) {
            return (int) next("fdatasync");
        }

        @Override
        public int fallocate(int fd, int mode, long offsetBytes, long lengthBytes) {
            return (int) next("fallocate " + mode + " " + offsetBytes + "+" + lengthBytes);
        }

        @Override
        public int ioctl(int fd, long request, long[] argument) {
            return (int) next("ioctl");
        }

        @Override
        public int clearFlags(int fd) {
            return (int) next("clearFlags");
        }

        @Override
        public int lock(int fd) {
            return (int) next("lock");
        }

        @Override
        public int isLocked(int fd) {
            return (int) next("isLocked");
        }

        @Override
        public String message(int errno) {
            return "words of errno " + errno;
        }
    }
}
