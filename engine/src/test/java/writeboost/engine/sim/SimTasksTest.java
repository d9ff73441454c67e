package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

class SimTasksTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final SimGroup group = new SimGroup("tested");

    /** Runs a body as the driver; it may wait for what it starts. */
    private SimScheduler run(long seed, Body body) {
        SimScheduler scheduler = new SimScheduler(seed);
        scheduler.run(() -> body.run(scheduler, new SimTasks(scheduler, group)));
        return scheduler;
    }

    private interface Body {
        void run(SimScheduler scheduler, Tasks tasks);
    }

    @Test
    void differentSeedsGiveDifferentOrders() {
        Set<String> orders = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            orders.add(orderOfThreeTasks(seed));
        }
        assertThat(orders).hasSizeGreaterThan(10);
        assertThat(orderOfThreeTasks(7)).isEqualTo(orderOfThreeTasks(7));
    }

    private String orderOfThreeTasks(long seed) {
        StringBuilder order = new StringBuilder();
        run(seed, (scheduler, tasks) -> {
            List<Tasks.Task> started = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                started.add(tasks.start(name, () -> {
                    for (int i = 0; i < 3; i++) {
                        order.append(name);
                        scheduler.point("point", "", 0, 0);
                    }
                }));
            }
            started.forEach(t -> t.join(Long.MAX_VALUE));
        });
        return order.toString();
    }

    @Test
    void aLockIsHeldByOneTaskAtATime() {
        int[] counter = new int[1];
        run(3, (scheduler, tasks) -> {
            Monitor lock = tasks.newMonitor("lock");
            List<Tasks.Task> started = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                started.add(tasks.start("t" + t, () -> {
                    for (int i = 0; i < 50; i++) {
                        lock.lock();
                        int seen = counter[0];
                        scheduler.point("inside", "", 0, 0);
                        counter[0] = seen + 1;
                        lock.unlock();
                    }
                }));
            }
            started.forEach(t -> t.join(Long.MAX_VALUE));
        });
        assertThat(counter[0]).isEqualTo(200);
    }

    @Test
    void timePassesOnlyWhenNobodyCanRun() {
        long[] woke = new long[2];
        run(1, (scheduler, tasks) -> {
            Tasks.Task late = tasks.start("late", () -> {
                tasks.sleep(3 * SECOND_NS);
                woke[0] = tasks.nanoTime();
            });
            Tasks.Task early = tasks.start("early", () -> {
                tasks.sleep(SECOND_NS);
                woke[1] = tasks.nanoTime();
            });
            assertThat(late.join(SECOND_NS / 2)).isFalse();
            assertThat(late.join(Long.MAX_VALUE)).isTrue();
            assertThat(early.join(1)).isTrue();
        });
        assertThat(woke).containsExactly(3 * SECOND_NS, SECOND_NS);
    }

    @Test
    void aSignalWakesAndATimeoutEndsAWait() {
        List<String> seen = new ArrayList<>();
        run(5, (scheduler, tasks) -> {
            Monitor lock = tasks.newMonitor("lock");
            Monitor.Signal signal = lock.newSignal("signal");
            boolean[] raised = new boolean[1];
            Tasks.Task waiter = tasks.start("waiter", () -> {
                lock.lock();
                while (!raised[0]) {
                    signal.await();
                }
                seen.add("raised");
                signal.await(SECOND_NS);
                seen.add("timed out");
                assertThat(lock.isHeld()).isTrue();
                lock.unlock();
            });
            tasks.sleep(10);
            lock.lock();
            raised[0] = true;
            signal.raise();
            seen.add("raising");
            lock.unlock();
            waiter.join(Long.MAX_VALUE);
        });
        assertThat(seen).containsExactly("raising", "raised", "timed out");
    }

    @Test
    void aDeadlockTellsWhoWaitsForWhat() {
        assertThatThrownBy(() -> run(1, (scheduler, tasks) -> {
                    Monitor first = tasks.newMonitor("first");
                    Monitor second = tasks.newMonitor("second");
                    Tasks.Task a = tasks.start("wb-a", () -> lockBoth(tasks, first, second));
                    Tasks.Task b = tasks.start("wb-b", () -> lockBoth(tasks, second, first));
                    a.join(Long.MAX_VALUE);
                    b.join(Long.MAX_VALUE);
                }))
                .isInstanceOf(SimFailure.class)
                .hasMessageContaining("deadlock")
                .hasMessageContaining("task wb-a: BLOCKED, waits for lock second")
                .hasMessageContaining("task wb-b: BLOCKED, waits for lock first");
    }

    private static void lockBoth(Tasks tasks, Monitor one, Monitor other) {
        one.lock();
        tasks.sleep(1000);
        other.lock();
    }

    @Test
    void aKilledGroupUnwindsThroughItsFinallyBlocksAndHasNoEffectAfterwards() {
        List<String> seen = new ArrayList<>();
        SimMedium medium = new SimMedium("disk", 1 << 20);
        run(1, (scheduler, tasks) -> {
            Monitor lock = tasks.newMonitor("lock");
            SimDisk disk = new SimDisk(medium, scheduler, new SimRandom(1), false, null);
            tasks.start("sleeper", () -> {
                lock.lock();
                try {
                    tasks.sleep(Long.MAX_VALUE / 2);
                } finally {
                    seen.add("finally");
                    lock.unlock();
                    try {
                        disk.zero(0, 512, true);
                        seen.add("wrote");
                    } catch (IOException e) {
                        seen.add("failed");
                    }
                }
            });
            tasks.start("waiter", lock::lock);
            for (int i = 0; i < 50; i++) {
                scheduler.point("busy", "", 0, 0);
            }
            scheduler.kill(group);
        });
        assertThat(seen).containsExactly("finally");
        assertThat(medium.undecided()).isZero();
    }

    @Test
    void theDriverIsInterruptedWhileAllOthersStand() {
        int[] points = new int[1];
        SimScheduler scheduler = run(1, (s, tasks) -> {
            tasks.start("runner", () -> {
                while (true) {
                    points[0]++;
                    s.point("run", "", 0, 0);
                }
            });
            s.interruptAfter(100);
            assertThat(s.driverWaits("nothing", () -> false, 1000)).isTrue();
        });
        assertThat(points[0]).isBetween(90, 110);
        assertThat(scheduler.steps()).isLessThan(120);
    }

    @Test
    void aTaskThatThrowsEndsTheRun() {
        assertThatThrownBy(() -> run(
                        1,
                        (scheduler, tasks) -> tasks.start("wb-bad", () -> {
                                    throw new IllegalStateException("broken");
                                })
                                .join(Long.MAX_VALUE)))
                .isInstanceOf(SimFailure.class)
                .hasMessageContaining("wb-bad")
                .hasRootCauseMessage("broken");
    }

    @Test
    void aRunWithoutEndIsStopped() {
        assertThatThrownBy(() -> run(1, (scheduler, tasks) -> {
                    tasks.start("wb-spinner", () -> {
                        while (true) {
                            tasks.sleep(1000);
                        }
                    });
                    scheduler.driverWaits("never", () -> false, 1000);
                }))
                .isInstanceOf(SimFailure.class)
                .hasMessageContaining("no end in sight")
                .hasMessageContaining("wb-spinner");
    }
}
