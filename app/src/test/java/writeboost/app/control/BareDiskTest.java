package writeboost.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceOptions;
import writeboost.engine.device.Devices;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.ThreadTasks;

class BareDiskTest {
    private final ThreadTasks tasks = new ThreadTasks((thread, failure) -> {});
    private BareDisk disk;

    @BeforeEach
    void setUp() throws IOException {
        BlockDevice device = Devices.open("mem:1M", DeviceOptions.exclusive(), tasks);
        disk = new BareDisk(device, tasks);
    }

    @AfterEach
    void tearDown() throws IOException {
        disk.close();
    }

    @Test
    void whatIsWrittenIsReadAndBuffersStayAsTheyAre() throws Exception {
        ByteBuffer written = ByteBuffer.allocateDirect(4096).putLong(0, 42);
        assertThat(perform(DiskRequest.Op.WRITE, 8192, written)).isEqualTo(DiskError.OK);
        assertThat(written.remaining()).isEqualTo(4096);

        ByteBuffer read = ByteBuffer.allocateDirect(4096);
        assertThat(perform(DiskRequest.Op.READ, 8192, read)).isEqualTo(DiskError.OK);
        assertThat(read).isEqualTo(written);
        assertThat(perform(DiskRequest.Op.FLUSH, 0, null)).isEqualTo(DiskError.OK);
    }

    @Test
    void zeroedRangesReadAsZerosUnlessItHadToBeFast() throws Exception {
        perform(DiskRequest.Op.WRITE, 0, ByteBuffer.allocateDirect(4096).putLong(0, 42));
        Request fast = new Request(DiskRequest.Op.ZERO, 0, 4096, null);
        fast.fast = true;
        assertThat(fast.perform(disk)).isEqualTo(DiskError.ENOTSUP);
        assertThat(new Request(DiskRequest.Op.ZERO, 0, 4096, null).perform(disk))
                .isEqualTo(DiskError.OK);

        ByteBuffer read = ByteBuffer.allocateDirect(4096).putLong(0, 1);
        perform(DiskRequest.Op.READ, 0, read);
        assertThat(read.getLong(0)).isZero();
    }

    @Test
    void partsOfSectorsAreRefused() throws Exception {
        assertThat(perform(DiskRequest.Op.WRITE, 1, ByteBuffer.allocateDirect(512)))
                .isEqualTo(DiskError.EINVAL);
        assertThat(perform(DiskRequest.Op.READ, 0, ByteBuffer.allocateDirect(100)))
                .isEqualTo(DiskError.EINVAL);
    }

    @Test
    void asManyRequestsReachTheDeviceAsTheKernelWouldSort() throws Exception {
        CountDownLatch arrived = new CountDownLatch(64);
        BlockDevice waiting = new ForwardingDevice(Devices.open("mem:1M", DeviceOptions.exclusive(), tasks)) {
            @Override
            public void read(long offsetBytes, ByteBuffer into) throws IOException {
                arrived.countDown();
                try {
                    arrived.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.read(offsetBytes, into);
            }
        };
        try (BareDisk many = new BareDisk(waiting, tasks)) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Request request = new Request(DiskRequest.Op.READ, i * 4096L, 4096, ByteBuffer.allocateDirect(4096));
                requests.add(request);
                many.submit(request);
            }
            for (Request request : requests) {
                assertThat(request.end.get(30, TimeUnit.SECONDS)).isEqualTo(DiskError.OK);
            }
        }
    }

    private DiskError perform(DiskRequest.Op op, long offset, @org.jspecify.annotations.Nullable ByteBuffer data)
            throws Exception {
        return new Request(op, offset, data == null ? 0 : data.remaining(), data).perform(disk);
    }

    private static final class Request extends DiskRequest {
        private final CompletableFuture<DiskError> end = new CompletableFuture<>();

        Request(Op op, long offset, long length, @org.jspecify.annotations.Nullable ByteBuffer data) {
            this.op = op;
            this.offsetBytes = offset;
            this.lengthBytes = length;
            this.data = data;
        }

        DiskError perform(Disk disk) throws Exception {
            disk.submit(this);
            return end.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void complete(DiskError error) {
            end.complete(error);
        }
    }
}
