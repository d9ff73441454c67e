package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** A disk that is unplugged and comes back, or does not. Time is the test's. */
@Timeout(30)
class ReturningDeviceTest {
    private static final long SECOND = 1_000_000_000;

    private final SteppedTasks tasks = new SteppedTasks();
    private final MemoryDevice medium = new MemoryDevice("disk", 1 << 20);
    private final List<String> told = new ArrayList<>();
    private int opened;
    private long backAtNs = Long.MAX_VALUE;
    private MemoryDevice returns = medium;
    private Plugged plugged = new Plugged(medium);
    private final ReturningDevice device = new ReturningDevice(plugged, this::open, tasks);

    /** The disk at the end of a cable. */
    private static final class Plugged extends ForwardingDevice {
        boolean unplugged;
        boolean closed;

        Plugged(BlockDevice inner) {
            super(inner);
        }

        private void check() throws DeviceException {
            if (unplugged) {
                throw new DeviceException(DeviceException.Kind.GONE, "gone", null);
            }
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
            check();
            inner().read(offsetBytes, into);
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) throws IOException {
            check();
            inner().write(offsetBytes, from);
        }

        @Override
        public void sync() throws IOException {
            check();
            inner().sync();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private BlockDevice open() throws IOException {
        opened++;
        if (tasks.nanoTime() < backAtNs) {
            throw new EngineException(ErrorCode.NOT_FOUND, "no such disk");
        }
        plugged = new Plugged(returns);
        return plugged;
    }

    private void unplugFor(long seconds) {
        plugged.unplugged = true;
        backAtNs = seconds == Long.MAX_VALUE ? seconds : tasks.nanoTime() + seconds * SECOND;
    }

    private void follow(ReturningDevice.Check check) {
        device.follow(check, new ReturningDevice.Listener() {
            @Override
            public void left() {
                told.add("left");
            }

            @Override
            public void missing() {
                told.add("missing");
            }

            @Override
            public void returned() {
                told.add("returned");
            }

            @Override
            public void refused(String why) {
                told.add("refused: " + why);
            }
        });
    }

    private static ByteBuffer bytes(int value) {
        ByteBuffer b = ByteBuffer.allocate(512);
        for (int i = 0; i < 512; i++) {
            b.put(i, (byte) value);
        }
        return b;
    }

    private int read(long offset) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(512);
        device.read(offset, b);
        return b.get(511);
    }

    @Test
    void backing3RequestsWaitForADiskThatComesBack() throws Exception {
        follow(returned -> {});
        device.write(0, bytes(7));
        device.sync();
        Plugged before = plugged;
        unplugFor(20);
        assertThat(read(0)).isEqualTo(7);
        assertThat(before.closed).as("the old one is let go").isTrue();
        assertThat(told).containsExactly("left", "returned");
        assertThat(device.goneNs()).isZero();
        device.sync();
        assertThat(opened).as("looks for it, but not without a pause").isBetween(2, 45);
    }

    @Test
    void backing3WhatWasNotSyncedWhenItLeftIsToldByTheNextSync() throws Exception {
        device.write(0, bytes(7));
        unplugFor(5);
        assertThatThrownBy(device::sync)
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("since its last flush may be lost");
    }

    @Test
    void backing3TheLossIsToldToTheSyncThatBeginsAfterItToo() throws Exception {
        device.write(0, bytes(7));
        unplugFor(5);
        assertThat(read(0)).isEqualTo(7); // it left and returned unnoticed by any sync
        assertThatThrownBy(device::sync).hasMessageContaining("may be lost");
        device.write(0, bytes(7));
        device.sync();
    }

    @Test
    void whatWasSyncedIsNotLost() throws Exception {
        device.write(0, bytes(7));
        device.sync();
        unplugFor(5);
        assertThat(read(0)).isEqualTo(7);
        device.sync();
    }

    @Test
    void afterAWhileRequestsFailAtOnceAndTheDiskIsStillWelcome() throws Exception {
        follow(returned -> {});
        unplugFor(Long.MAX_VALUE);
        long start = tasks.nanoTime();
        assertThatThrownBy(() -> read(0)).hasMessageContaining("disk is missing since 60 s");
        assertThat(tasks.nanoTime() - start).isBetween(60 * SECOND, 62 * SECOND);
        long then = tasks.nanoTime();
        assertThatThrownBy(() -> read(0)).hasMessageContaining("is missing");
        assertThat(tasks.nanoTime() - then).isLessThan(SECOND);
        assertThat(told).containsExactly("left", "missing");
        assertThat(device.goneNs()).isGreaterThanOrEqualTo(60 * SECOND);
        backAtNs = 0;
        tasks.sleep(SECOND);
        assertThat(read(0)).isZero();
        assertThat(told).containsExactly("left", "missing", "returned");
    }

    @Test
    void backing4AnotherDiskIsNotTakenForIt() {
        returns = new MemoryDevice("disk", 2 << 20);
        unplugFor(5);
        assertThatThrownBy(() -> read(0)).hasMessageContaining("is missing");
        returns = new MemoryDevice("other", 1 << 20);
        assertThatThrownBy(() -> read(0)).hasMessageContaining("is missing");
        assertThat(plugged.closed).isTrue();
    }

    @Test
    void backing5ADiskThatWasChangedMeanwhileIsRefusedForGood() {
        follow(returned -> {
            throw new EngineException(ErrorCode.CHANGED, "it was changed");
        });
        unplugFor(5);
        assertThatThrownBy(() -> read(0)).hasMessageContaining("it was changed");
        int looks = opened;
        assertThatThrownBy(() -> device.write(0, bytes(1))).hasMessageContaining("it was changed");
        assertThatThrownBy(device::sync).hasMessageContaining("it was changed");
        assertThat(opened).isEqualTo(looks);
        assertThat(told).containsExactly("left", "refused: it was changed");
    }

    @Test
    void aDiskThatLeavesAgainWhileItIsJudgedMayComeBackLater() throws Exception {
        int[] judged = {0};
        follow(returned -> {
            if (judged[0]++ == 0) {
                throw new DeviceException(DeviceException.Kind.GONE, "gone again", null);
            }
        });
        unplugFor(5);
        assertThat(read(0)).isZero();
        assertThat(judged[0]).isEqualTo(2);
    }

    @Test
    void otherErrorsAreToldAsTheyAre() {
        FaultDevice faulty = new FaultDevice(medium, tasks);
        faulty.add(Fault.error(DeviceException.Kind.IO));
        ReturningDevice there = new ReturningDevice(faulty, this::open, tasks);
        assertThatThrownBy(() -> there.read(0, ByteBuffer.allocate(512)))
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.kind()).isEqualTo(DeviceException.Kind.IO));
        assertThat(opened).isZero();
    }

    @Test
    void closingEndsTheWait() throws Exception {
        unplugFor(Long.MAX_VALUE);
        device.close();
        assertThatThrownBy(() -> read(0)).hasMessageContaining("closed");
        assertThat(device.goneNs()).isZero();
    }
}
