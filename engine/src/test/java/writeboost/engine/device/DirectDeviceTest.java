package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final List<String> calls = kernel.calls();
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = folder.resolve("disk");
        Files.write(file, new byte[SIZE_BYTES]);
    }

    @Test
    void shortReadsAndWritesAndInterruptedCallsAreContinued() throws IOException {
        DirectDevice device = scripted(512);
        kernel.answer(512, -Errno.EINTR, 1024, 2560);
        device.read(4096, BounceBuffers.allocate(4096));
        assertThat(calls).containsExactly("pread 4096+4096", "pread 4608+3584", "pread 4608+3584", "pread 5632+2560");
        calls.clear();
        kernel.answer(-Errno.EINTR, 3584, 512);
        ByteBuffer buffer = BounceBuffers.allocate(8192).limit(4096);
        device.write(0, buffer);
        assertThat(calls).containsExactly("pwrite 0+4096", "pwrite 0+4096", "pwrite 3584+512");
        assertThat(buffer.position()).isEqualTo(4096);
        calls.clear();
        kernel.answer(-Errno.EINTR, -Errno.EINTR, 0);
        device.sync();
        assertThat(calls).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"5, IO", "22, IO", "1, IO", "28, NO_SPACE", "122, NO_SPACE", "27, NO_SPACE", "19, GONE", "6, GONE"})
    void theKernelsErrorsAreToldByKind(int errno, Kind kind) throws IOException {
        DirectDevice device = scripted(512);
        kernel.answer(-errno, -errno, 1024, -errno, -errno);
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
        kernel.answer(1024, 0);
        assertThatThrownBy(() -> device.read(0, BounceBuffers.allocate(4096)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("ends earlier");
    }

    @Test
    void aFailedSyncIsNotTriedAgain() throws IOException {
        DirectDevice device = scripted(512);
        kernel.answer(-Errno.EIO);
        assertThatThrownBy(device::sync).isInstanceOf(DeviceException.class);
        assertThat(calls).containsExactly("fdatasync");
    }

    @Test
    void whereHolesCannotBeMadeZerosAreWritten() throws IOException {
        DirectDevice device = scripted(512);
        kernel.answer(-Errno.EINTR, -Errno.EOPNOTSUPP, 4096);
        device.zero(8192, 4096, true);
        assertThat(calls).containsExactly("fallocate 3 8192+4096", "fallocate 3 8192+4096", "pwrite 8192+4096");
        calls.clear();
        kernel.answer(0);
        device.zero(8192, 4096, false);
        assertThat(calls).containsExactly("fallocate 17 8192+4096");
    }

    @Test
    void afterARefusedDiscardNoMoreAreTried() throws IOException {
        DirectDevice device = scripted(512);
        assertThat(device.canDiscard()).isTrue();
        kernel.answer(-Errno.EOPNOTSUPP);
        device.discard(0, 4096);
        assertThat(device.canDiscard()).isFalse();
        device.discard(0, 4096);
        assertThat(calls).containsExactly("fallocate 3 0+4096");
    }

    @Test
    void aDescriptorIsClosedOnceAndOnlyWhenItsLastUseHasEnded() throws IOException {
        Descriptor descriptor = new Descriptor(kernel, 77, "disk");
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
    void aDescriptorInUseByManyThreadsIsNeverClosedUnderThem() throws Exception {
        for (int round = 0; round < 200; round++) {
            ScriptedKernel manyKernel = new ScriptedKernel();
            Descriptor descriptor = new Descriptor(manyKernel, round, "disk");
            ExecutorService pool = Executors.newFixedThreadPool(3);
            try {
                List<Future<Integer>> users = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    users.add(pool.submit(() -> useUntilClosed(descriptor, manyKernel)));
                }
                Future<?> closer = pool.submit(descriptor::close);
                closer.get();
                for (Future<Integer> user : users) {
                    assertThat(user.get()).as("uses of a closed descriptor").isZero();
                }
                assertThat(manyKernel.calls()).containsExactly("close " + round);
            } finally {
                pool.shutdown();
            }
        }
    }

    private static int useUntilClosed(Descriptor descriptor, ScriptedKernel kernel) {
        int wrong = 0;
        while (true) {
            try {
                descriptor.enter();
            } catch (DeviceException e) {
                return wrong;
            }
            wrong += kernel.calls().isEmpty() ? 0 : 1;
            descriptor.exit();
        }
    }

    @Test
    void anErrorOfADiskThatTheMachineNoLongerKnowsSaysThatItIsGone() throws IOException {
        FileTarget file = FileTarget.of(this.file);
        int blockDeviceMode = 0060660;
        long unusedNumber = 0xfff00;
        FileTarget unplugged = new FileTarget(
                file.path(), file.realPath(), blockDeviceMode, file.device(), file.inode(), unusedNumber);
        DirectDevice device = new DirectDevice(
                kernel,
                77,
                unplugged,
                new FileDevice.Geometry(SIZE_BYTES, 512, 512, true),
                new DeviceIdentity("disk", "disk", "", SIZE_BYTES));
        kernel.answer(-Errno.EIO);
        fails(Kind.GONE, () -> device.read(0, BounceBuffers.allocate(4096)), "cannot read");
        assertThat(device.canDiscard()).isFalse();
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

    private DirectDevice scripted(int alignment) throws IOException {
        return kernel.device(file, SIZE_BYTES, alignment);
    }
}
