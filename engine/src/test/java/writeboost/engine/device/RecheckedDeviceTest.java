package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.SteeredTasks;
import writeboost.engine.task.ThreadTasks;

@Timeout(60)
class RecheckedDeviceTest {
    private final SteeredTasks tasks = new SteeredTasks(new ThreadTasks((thread, e) -> {}));
    private final MemoryDevice memory = new MemoryDevice("disk", 1 << 20);
    private final RecheckedDevice device = new RecheckedDevice(new WatchedDevice(memory, tasks), tasks);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<BlockDevice> judged = new ArrayList<>();

    private final RecheckedDevice.Listener listener = new RecheckedDevice.Listener() {
        @Override
        public void asItWas(BlockDevice device, long suspendedNs) {
            told.add(device.name() + " slept " + suspendedNs / 1_000_000_000);
        }

        @Override
        public void changed(String why) {
            told.add(why);
        }
    };

    private void write() throws IOException {
        device.write(0, ByteBuffer.wrap(new byte[512]).put(0, (byte) 7));
    }

    private byte written() throws IOException {
        ByteBuffer b = ByteBuffer.allocate(512);
        memory.read(0, b);
        return b.get(0);
    }

    @Test
    void process8WithoutASuspendNothingIsChecked() throws Exception {
        device.follow(judged::add, listener);
        tasks.pass(3_600_000);
        tasks.suspend(999);
        write();
        assertThat(judged).isEmpty();
    }

    @Test
    void process8AfterASuspendItIsCheckedOnceBeforeAnyOfTheCalls() throws Exception {
        device.follow(judged::add, listener);
        List<ReturningAction> calls = List.of(
                () -> device.read(0, ByteBuffer.allocate(512)),
                this::write,
                device::sync,
                () -> device.discard(0, 512),
                () -> device.zero(0, 512, false));
        for (int i = 0; i < calls.size(); i++) {
            tasks.suspend(5000);
            calls.get(i).run();
            calls.get(i).run();
            assertThat(judged).hasSize(i + 1);
        }
        assertThat(told).hasSize(calls.size()).containsOnly("disk slept 5");
    }

    @FunctionalInterface
    private interface ReturningAction {
        void run() throws IOException;
    }

    @Test
    void process8OneThatIsRefusedIsNeverUsedAgain() throws Exception {
        device.follow(
                d -> {
                    throw new IOException("it was changed");
                },
                listener);
        tasks.suspend(5000);
        assertThatThrownBy(this::write).hasMessage("it was changed");
        assertThatThrownBy(this::write).hasMessage("it was changed");
        assertThatThrownBy(device::sync).hasMessage("it was changed");
        assertThat(written()).isZero();
        assertThat(told).containsExactly("it was changed");
    }

    @Test
    void aDeviceThatCanNotBeReadIsCheckedAgainAtTheNextCall() throws Exception {
        device.follow(
                d -> {
                    judged.add(d);
                    if (judged.size() == 1) {
                        throw new DeviceException(DeviceException.Kind.IO, "not yet", null);
                    }
                },
                listener);
        tasks.suspend(5000);
        assertThatThrownBy(this::write).hasMessage("not yet");
        assertThat(written()).isZero();
        write();
        assertThat(judged).hasSize(2);
        assertThat(written()).isEqualTo((byte) 7);
    }

    @Test
    void othersWaitForTheCheck() throws Exception {
        CountDownLatch checking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        device.follow(
                d -> {
                    checking.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                },
                listener);
        tasks.suspend(5000);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            try {
                device.sync();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        checking.await();
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
            try {
                write();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(written()).isZero();
        goOn.countDown();
        first.join();
        second.join();
        assertThat(written()).isEqualTo((byte) 7);
        assertThat(told).hasSize(1);
    }
}
