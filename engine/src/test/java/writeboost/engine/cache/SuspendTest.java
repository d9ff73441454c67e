package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.log.Geometry;

/** What happens to a pair that is served while the machine sleeps. */
@Timeout(60)
class SuspendTest {
    private static final int SIZE = (int) (8 * MIB);

    private final MemoryDevice ssd = new MemoryDevice("ssd", Geometry.minCacheBytes(32));
    private final RecordingDevice disk = new RecordingDevice(new MemoryDevice("disk", SIZE));
    private @Nullable SteeredTasks clock;
    private final TestPair pair = newPair();

    private TestPair newPair() {
        try {
            return new TestPair(ssd, disk, 32, TestPair.QUIET, tasks -> {
                clock = new SteeredTasks(tasks);
                return clock;
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void kill() throws Exception {
        pair.disk.kill();
    }

    private void sleep() {
        Objects.requireNonNull(clock).suspend(600_000);
    }

    private void events(String... words) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(pair.events)
                        .anySatisfy(e -> assertThat(e.what()).contains(words)));
    }

    @Test
    void process8AfterASuspendBothDevicesAreComparedBeforeTheyAreUsed() throws Exception {
        assertThat(pair.write(0, random(1, BLOCK))).isEqualTo(DiskError.OK);
        sleep();
        disk.forget();
        pair.disk.flush(Progress.NONE);
        assertThat(disk.noted().get(0).kind()).isEqualTo(Kind.READ);
        assertThat(pair.backing(0, BLOCK)).isEqualTo(random(1, BLOCK));
        events("suspended for 600 s; ssd is as it was left");
        events("suspended for 600 s; disk is as it was left");
    }

    @Test
    void process8ADiskThatWasChangedMeanwhileIsNotWrittenTo() throws Exception {
        byte[] waits = random(1, BLOCK);
        assertThat(pair.write(0, waits)).isEqualTo(DiskError.OK);
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        sleep();
        TestData.put(disk, SIZE - BLOCK, random(9, BLOCK));
        disk.forget();
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).isInstanceOf(IOException.class);
        assertThat(disk.noted(Kind.WRITE)).isEmpty();
        events("disk was changed while the machine was suspended");
        assertThat(pair.disk.snapshot().state()).isEqualTo(PairState.HALTED);
        assertThat(pair.disk.snapshot().reason()).contains("changed while the machine was suspended");
        assertThat(pair.read(0, BLOCK)).as("what is cached is still served").isEqualTo(waits);
    }

    @Test
    void process8ACacheDeviceThatWasUsedElsewhereMeanwhileIsNotWrittenTo() throws Exception {
        assertThat(pair.write(0, random(1, BLOCK))).isEqualTo(DiskError.OK);
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        sleep();
        MemoryDevice sameDisk = new MemoryDevice("disk", SIZE);
        CachedDisk.open(new KeptOpenDevice(ssd), sameDisk, TestPair.QUIET, pair.tasks, e -> {}, Progress.NONE)
                .stop();
        byte[] left = TestPair.contentOf(ssd, 0, (int) ssd.sizeBytes());
        assertThat(pair.write(BLOCK, random(2, BLOCK))).isEqualTo(DiskError.OK);
        assertThat(pair.flush()).isEqualTo(DiskError.EIO);
        assertThat(TestPair.contentOf(ssd, 0, (int) ssd.sizeBytes())).isEqualTo(left);
        events("ssd was changed while the machine was suspended");
        assertThat(pair.disk.snapshot().state()).isEqualTo(PairState.DEGRADED);
    }

    @Test
    void machine4WhatWaitsInRamIsStillThereAfterASuspend() throws Exception {
        byte[] data = random(1, 5 * BLOCK);
        assertThat(pair.write(0, data)).isEqualTo(DiskError.OK);
        sleep();
        assertThat(pair.read(0, data.length)).isEqualTo(data);
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, data.length)).isEqualTo(data);
    }
}
