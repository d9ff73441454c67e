package writeboost.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LockMonitorTest {
    private static final long LONG_NS = TimeUnit.HOURS.toNanos(1);

    private final Monitor monitor = new LockMonitor();
    private final Monitor.Signal signal = monitor.newSignal("test");
    private final Queue<String> awake = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Starts a thread that waits once; returns when it does. */
    private Thread waiter(String name, long timeoutNs) {
        int before = waiting.get();
        Thread thread = new Thread(
                () -> {
                    monitor.lock();
                    waiting.incrementAndGet();
                    if (timeoutNs == 0) {
                        signal.await();
                    } else {
                        signal.await(timeoutNs);
                    }
                    awake.add(name + (monitor.isHeld() ? "" : " without the lock"));
                    monitor.unlock();
                },
                name);
        thread.start();
        Awaitility.await().until(() -> locked(() -> waiting.get() > before));
        return thread;
    }

    private boolean locked(java.util.function.BooleanSupplier body) {
        monitor.lock();
        try {
            return body.getAsBoolean();
        } finally {
            monitor.unlock();
        }
    }

    private void locked(Runnable body) {
        locked(() -> {
            body.run();
            return true;
        });
    }

    @Test
    void oneThreadAtATimeHoldsIt() throws Exception {
        int[] counter = new int[1];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < 20_000; n++) {
                    locked(() -> counter[0]++);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter[0]).isEqualTo(80_000);
    }

    @Test
    void itKnowsItsHolder() {
        assertThat(monitor.isHeld()).isFalse();
        monitor.lock();
        assertThat(monitor.isHeld()).isTrue();
        monitor.unlock();
        assertThat(monitor.isHeld()).isFalse();
    }

    @Test
    void raiseWakesAllThatWait() throws Exception {
        List<Thread> threads = List.of(waiter("a", 0), waiter("b", LONG_NS), waiter("c", 0));
        locked(signal::raise);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(awake).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void raiseOneWakesThemInTheOrderInWhichTheyCame() {
        waiter("a", 0);
        waiter("b", 0);
        waiter("c", LONG_NS);
        for (String next : List.of("a", "b", "c")) {
            locked(signal::raiseOne);
            Awaitility.await().until(() -> awake.contains(next));
        }
        assertThat(awake).containsExactly("a", "b", "c");
        locked(signal::raiseOne); // nobody is left
    }

    @Test
    void nobodyIsAwakeBeforeTheLockIsGivenBack() throws Exception {
        Thread thread = waiter("a", 0);
        monitor.lock();
        signal.raise();
        Thread.sleep(20);
        assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
        monitor.unlock();
        thread.join();
    }

    @Test
    void whoWaitsForAnotherSignalSleepsOn() throws Exception {
        Monitor.Signal other = monitor.newSignal("other");
        Thread thread = waiter("a", 0);
        locked(other::raise);
        Thread.sleep(20);
        assertThat(awake).isEmpty();
        locked(signal::raise);
        thread.join();
    }

    @Test
    void aWaitThatTakesTooLongEndsAndNobodyIsWokenForIt() throws Exception {
        waiter("brief", 1_000_000).join();
        Thread longer = waiter("longer", 0);
        locked(signal::raiseOne);
        longer.join();
        assertThat(awake).containsExactly("brief", "longer");
    }

    @Test
    void oneOfSeveralMayGiveUp() throws Exception {
        Thread first = waiter("first", 0);
        waiter("brief", 1_000_000).join();
        Thread last = waiter("last", 0);
        locked(signal::raise);
        first.join();
        last.join();
        assertThat(awake).containsExactlyInAnyOrder("brief", "first", "last");
    }

    @Test
    void aTimeThatIsOverEndsTheWaitAtOnce() {
        locked(() -> signal.await(0));
        locked(() -> signal.await(-1));
        assertThat(monitor.isHeld()).isFalse();
    }

    @Test
    void anInterruptDoesNotEndAWaitWithoutLimitAndIsKept() throws Exception {
        AtomicInteger kept = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            monitor.lock();
            begun.countDown();
            signal.await();
            kept.set(Thread.currentThread().isInterrupted() ? 1 : -1);
            monitor.unlock();
        });
        thread.start();
        begun.await();
        thread.interrupt();
        thread.join(50);
        assertThat(thread.isAlive()).isTrue();
        locked(signal::raise);
        thread.join();
        assertThat(kept).hasValue(1);
    }

    @Test
    void anInterruptEndsAWaitWithALimitAndIsKept() throws Exception {
        AtomicInteger kept = new AtomicInteger();
        Thread thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            monitor.lock();
            signal.await(LONG_NS);
            kept.set(Thread.currentThread().isInterrupted() ? 1 : -1);
            monitor.unlock();
        });
        thread.start();
        thread.join();
        assertThat(kept).hasValue(1);
    }

    @Test
    void withoutTheLockNothingIsAllowed() {
        assertThatThrownBy(signal::await).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> signal.await(1)).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(signal::raise).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(signal::raiseOne).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(monitor::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    /** Waits end by a signal, by time, and by both at once; each token that was put is taken by one of them. */
    @Test
    void noSignalIsLostHoweverWaitsEnd() throws Exception {
        int tokens = 20_000;
        int[] left = new int[1];
        AtomicInteger taken = new AtomicInteger();
        List<Thread> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long timeoutNs = i < 2 ? 20_000 : LONG_NS;
            takers.add(new Thread(() -> {
                while (taken.get() < tokens) {
                    monitor.lock();
                    while (left[0] == 0 && taken.get() < tokens) {
                        signal.await(timeoutNs);
                    }
                    if (left[0] > 0) {
                        left[0]--;
                        if (taken.incrementAndGet() == tokens) {
                            signal.raise();
                        }
                    }
                    monitor.unlock();
                }
            }));
        }
        takers.forEach(Thread::start);
        for (int i = 0; i < tokens; i++) {
            locked(() -> {
                left[0]++;
                signal.raiseOne();
            });
        }
        for (Thread taker : takers) {
            taker.join();
        }
        assertThat(taken).hasValue(tokens);
        assertThat(left[0]).isZero();
    }

    /** What the library's conditions would allocate is 32 bytes for each wait. */
    @Test
    void waitingAllocatesNothing() throws Exception {
        int turns = 20_000;
        int[] turn = new int[1];
        long[] allocated = new long[2];
        ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Thread> players = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int me = i;
            players.add(new Thread(() -> {
                long before = 0;
                for (int n = 0; n < turns; n++) {
                    if (n == turns / 2) {
                        before = beans.getThreadAllocatedBytes(
                                Thread.currentThread().getId());
                    }
                    monitor.lock();
                    while (turn[0] % 2 != me) {
                        signal.await();
                    }
                    turn[0]++;
                    signal.raise();
                    monitor.unlock();
                }
                allocated[me] =
                        beans.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            }));
        }
        players.forEach(Thread::start);
        for (Thread player : players) {
            player.join();
        }
        assertThat((allocated[0] + allocated[1]) / (double) turns).isLessThan(8);
    }
}
