package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchedDeviceTest extends BlockDeviceContract {
    private static final long SECOND = 1_000_000_000;

    private final VirtualTasks tasks = new VirtualTasks();

    @Override
    BlockDevice create() throws IOException {
        return new WatchedDevice(new MemoryDevice("memory", SIZE_BYTES), tasks);
    }

    @Test
    void client3ACallThatDoesNotEndIsSeenAndForgottenWhenItEnds() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        WatchedDevice device = new WatchedDevice(
                new ForwardingDevice(new MemoryDevice("slow", 1 << 20)) {
                    @Override
                    public void read(long offsetBytes, ByteBuffer into) throws IOException {
                        called.countDown();
                        try {
                            answered.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        inner().read(offsetBytes, into);
                    }
                },
                tasks);
        assertThat(device.stalledNs()).isZero();
        Thread reader = new Thread(() -> {
            try {
                device.read(0, ByteBuffer.allocate(512));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        called.await();
        tasks.sleep(20 * SECOND);
        assertThat(device.stalledNs()).isEqualTo(20 * SECOND);
        device.write(0, ByteBuffer.allocate(512));
        assertThat(device.stalledNs()).as("it answers others").isZero();
        tasks.sleep(3 * SECOND);
        assertThat(device.stalledNs()).isEqualTo(3 * SECOND);
        answered.countDown();
        reader.join();
        assertThat(device.stalledNs()).isZero();
    }
}
