package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.DiskModel;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.device.SpinningDevice;
import writeboost.engine.figures.Figures;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;

/** Many callers of one modelled disk. Their tasks are simulated: whoever is forgotten is a deadlock, which the scheduler tells. */
class SpinningDiskTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final int BLOCK = 4096;
    private static final long SIZE_BYTES = 64L << 30;
    private static final int SEEDS = 60;

    /** A disk, its callers, and what they have seen. */
    private static final class Scene {
        final MemoryDevice memory = new MemoryDevice("memory", SIZE_BYTES);
        final FaultDevice below;
        final SpinningDevice disk;
        final SimScheduler scheduler;
        final Tasks tasks;
        final List<String> ended = new ArrayList<>();
        private final List<Tasks.Task> started = new ArrayList<>();

        Scene(SimScheduler scheduler, Tasks tasks) {
            this.scheduler = scheduler;
            this.tasks = tasks;
            this.below = new FaultDevice(memory, tasks);
            this.disk = new SpinningDevice(below, DiskModel.EXTERNAL_7200_RPM, tasks);
        }

        /** Starts a caller that begins at that time, and notes its end. */
        void at(long ns, String name, Use use) {
            started.add(tasks.start(name, () -> {
                tasks.sleep(ns - tasks.nanoTime());
                perform(use);
                ended.add(name);
            }));
        }

        private void perform(Use use) {
            try {
                use.of(disk);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void read(long ns, long block) {
            at(ns, "r" + block, device -> device.read(block * BLOCK, ByteBuffer.allocate(BLOCK)));
        }

        void write(long ns, long block) {
            at(ns, "w" + block, device -> device.write(block * BLOCK, ByteBuffer.allocate(BLOCK)));
        }

        void sync(long ns) {
            at(ns, "sync", BlockDevice::sync);
        }

        void awaitAll() {
            started.forEach(task -> task.join(Long.MAX_VALUE));
        }
    }

    private interface Use {
        void of(BlockDevice device) throws IOException;
    }

    private interface Body {
        void run(Scene scene);
    }

    private static void run(long seed, Body body) {
        run(seed, 0, body);
    }

    /** As {@link #run(long, Body)}; who sleeps wakes up so much too late. */
    private static void run(long seed, long lateNs, Body body) {
        SimScheduler scheduler = new SimScheduler(seed);
        SimTasks punctual = new SimTasks(scheduler, new SimGroup("callers"));
        Tasks tasks = new ForwardingTasks(punctual) {
            @Override
            public void sleep(long durationNs) {
                super.sleep(durationNs + lateNs);
            }
        };
        scheduler.run(() -> body.run(new Scene(scheduler, tasks)));
    }

    @Test
    void readsThatWaitAreServedInOneSweep() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, scene -> {
                scene.read(MS, 5_000_000);
                for (long block : new long[] {9_000_000, 1_000_000, 7_000_000, 3_000_000, 6_000_000}) {
                    scene.read(2 * MS, block);
                }
                scene.awaitAll();
                assertThat(scene.ended)
                        .containsExactly("r5000000", "r6000000", "r7000000", "r9000000", "r1000000", "r3000000");
            });
        }
    }

    @Test
    void writesAndFlushesKeepTheirPlaceAmongTheReads() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, scene -> {
                scene.read(MS, 5_000_000);
                scene.read(2 * MS, 9_000_000);
                scene.read(2 * MS, 8_000_000);
                scene.write(3 * MS, 1);
                scene.read(4 * MS, 7_000_000);
                scene.sync(5 * MS);
                scene.read(6 * MS, 2);
                scene.read(6 * MS, 6_000_000);
                scene.awaitAll();
                assertThat(scene.ended)
                        .containsExactly(
                                "r5000000", "r8000000", "r9000000", "w1", "r7000000", "sync", "r2", "r6000000");
            });
        }
    }

    @Test
    void aSequentialStreamWithManyReadsInFlightStarvesNobody() {
        run(1, scene -> {
            long[] streamed = new long[1];
            for (int i = 0; i < 4; i++) {
                scene.at(MS, "stream", device -> {
                    while (scene.tasks.nanoTime() < 3 * SECOND) {
                        long mebibyte = streamed[0]++;
                        device.read((8L << 30) + (mebibyte << 20), ByteBuffer.allocate(1 << 20));
                    }
                });
            }
            long[] tookNs = new long[1];
            scene.at(SECOND, "other", device -> {
                device.read(0, ByteBuffer.allocate(BLOCK));
                tookNs[0] = scene.tasks.nanoTime() - SECOND;
            });
            scene.awaitAll();
            assertThat(scene.ended).startsWith("other");
            assertThat(tookNs[0]).isBetween(500 * MS, 620 * MS);
            assertThat(streamed[0]).as("MiB in 3 seconds").isGreaterThan(400);
        });
    }

    @Test
    void aReadThatFailsBelowHoldsUpNobody() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, scene -> {
                scene.below.add(Fault.error(DeviceException.Kind.IO).at(7_000_000L * BLOCK, BLOCK));
                scene.read(MS, 5_000_000);
                scene.at(
                        2 * MS,
                        "failing",
                        device -> assertThatThrownBy(() -> device.read(7_000_000L * BLOCK, ByteBuffer.allocate(BLOCK)))
                                .isInstanceOf(DeviceException.class));
                scene.read(3 * MS, 9_000_000);
                scene.read(3 * MS, 8_000_000);
                scene.awaitAll();
                assertThat(scene.ended).containsExactly("failing", "r5000000", "r8000000", "r9000000");
            });
        }
    }

    @Test
    void aFlushThatFailsBelowHoldsUpNobody() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, scene -> {
                scene.below.add(Fault.error(DeviceException.Kind.IO).on(Fault.Operation.SYNC));
                scene.read(MS, 5_000_000);
                scene.at(
                        2 * MS,
                        "failing",
                        device -> assertThatThrownBy(device::sync).isInstanceOf(DeviceException.class));
                scene.at(
                        2 * MS + 1,
                        "failing too",
                        device -> assertThatThrownBy(device::sync).isInstanceOf(DeviceException.class));
                scene.read(3 * MS, 9_000_000);
                scene.read(3 * MS, 8_000_000);
                scene.awaitAll();
                assertThat(scene.ended).containsExactly("failing", "failing too", "r5000000", "r8000000", "r9000000");
            });
        }
    }

    @Test
    void aFlushThatTakesLongBelowHoldsUpItsCallerOnly() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, scene -> {
                scene.below.add(Fault.delay(10 * SECOND).on(Fault.Operation.SYNC));
                scene.read(MS, 5_000_000);
                scene.sync(2 * MS);
                scene.sync(2 * MS);
                scene.read(3 * MS, 9_000_000);
                scene.read(3 * MS, 8_000_000);
                scene.at(SECOND / 2, "end", device -> {});
                scene.awaitAll();
                assertThat(scene.ended).containsExactly("r5000000", "r8000000", "r9000000", "end", "sync", "sync");
            });
        }
    }

    /** However the scheduler stalls tasks, lets time jump and wakes them for nothing. */
    @Test
    void whateverTheScheduleEverybodyIsServedAndReadsWhatIsThere() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimRandom random = new SimRandom(seed);
            run(seed, scene -> {
                scene.scheduler.policy(SimPolicy.random(random));
                scene.below.add(Fault.error(DeviceException.Kind.IO)
                        .on(Fault.Operation.SYNC)
                        .times(2));
                scene.below.add(
                        Fault.delay(30 * MS).on(Fault.Operation.SYNC).from(5).times(3));
                for (int caller = 0; caller < 8; caller++) {
                    int own = caller;
                    scene.at(MS, "caller" + caller, device -> use(device, new Random(own), own));
                }
                scene.awaitAll();
                assertThat(scene.ended).hasSize(8);
            });
        }
    }

    private static void use(BlockDevice device, Random random, int own) throws IOException {
        for (int i = 0; i < 30; i++) {
            long at = (random.nextInt(1_000_000) * 8L + own) * BLOCK;
            ByteBuffer block = ByteBuffer.allocate(BLOCK).putLong(0, at);
            device.write(at, block);
            ByteBuffer back = ByteBuffer.allocate(BLOCK);
            device.read(at, back);
            assertThat(back.getLong(0)).isEqualTo(at);
            device.read(random.nextInt(8_000_000) * (long) BLOCK, back.clear());
            if (random.nextInt(10) == 0) {
                syncOrFail(device);
            }
        }
    }

    private static void syncOrFail(BlockDevice device) throws IOException {
        try {
            device.sync();
        } catch (DeviceException e) {
            assertThat(e.kind()).isEqualTo(DeviceException.Kind.IO);
        }
    }

    @Test
    void threadsThatWakeUpLateMakeTheDiskNoSlower() {
        long lateNs = 100_000;
        assertThat(endOfManyReads(lateNs) - endOfManyReads(0)).isBetween(0L, 2 * lateNs);
    }

    private static long endOfManyReads(long lateNs) {
        long[] endNs = new long[1];
        run(1, lateNs, scene -> {
            Random random = new Random(1);
            for (int i = 0; i < 100; i++) {
                scene.read(MS + i * 1_000L, random.nextInt((int) (SIZE_BYTES / BLOCK)));
            }
            scene.awaitAll();
            endNs[0] = scene.tasks.nanoTime();
        });
        return endNs[0];
    }

    /** 103 a second with one, 146 with 16, 157 with 32, 158 with 64, of which many have waited too long when it is their turn. */
    @Test
    void theMoreReadsAreInFlightTheMoreAreServed() {
        double one = readsPerSecond(1);
        double sixteen = readsPerSecond(16);
        double thirtyTwo = readsPerSecond(32);
        double sixtyFour = readsPerSecond(64);
        new Figures("modelled-disk")
                .say("random reads a second, 1 in flight", String.format("%.1f", one))
                .say("16 in flight", String.format("%.1f", sixteen))
                .say("32 in flight", String.format("%.1f", thirtyTwo))
                .say("64 in flight", String.format("%.1f", sixtyFour))
                .write();
        assertThat(one).isBetween(100.0, 110.0);
        assertThat(sixteen).isGreaterThan(1.2 * one);
        assertThat(thirtyTwo).isGreaterThan(1.3 * one).isGreaterThan(sixteen);
        assertThat(sixtyFour).isGreaterThan(1.3 * one);
    }

    private static double readsPerSecond(int inFlight) {
        int[] count = new int[1];
        run(1, scene -> {
            Random random = new Random(1);
            for (int i = 0; i < inFlight; i++) {
                scene.at(MS, "reader", device -> {
                    while (scene.tasks.nanoTime() < 60 * SECOND) {
                        long block = random.nextInt((int) (SIZE_BYTES / BLOCK));
                        device.read(block * BLOCK, ByteBuffer.allocate(BLOCK));
                        count[0]++;
                    }
                });
            }
            scene.awaitAll();
        });
        return count[0] / 60.0;
    }
}
