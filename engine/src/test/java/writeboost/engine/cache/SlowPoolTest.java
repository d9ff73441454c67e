package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

@Timeout(30)
class SlowPoolTest {
    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private final Tasks tasks = new ThreadTasks((thread, e) -> uncaught.add(e));

    private static final class Noted extends DiskRequest {
        final CountDownLatch ended = new CountDownLatch(1);
        volatile DiskError error = DiskError.EINVAL;

        @Override
        public void complete(DiskError how) {
            error = how;
            ended.countDown();
        }
    }

    @Test
    void everyRequestIsHandled() throws Exception {
        SlowPool pool = new SlowPool(tasks, "test", 3, () -> r -> r.complete(DiskError.OK));
        pool.start();
        List<Noted> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            requests.add(new Noted());
        }
        requests.forEach(pool::submit);
        for (Noted r : requests) {
            r.ended.await();
            assertThat(r.error).isEqualTo(DiskError.OK);
        }
        pool.stop();
    }

    @Test
    void asManyAreHandledAtOnceAsThereAreTasksEachWithItsOwnHandler() throws Exception {
        CountDownLatch allIn = new CountDownLatch(3);
        Set<SlowPool.Handler> handlers = ConcurrentHashMap.newKeySet();
        SlowPool pool = new SlowPool(tasks, "test", 3, () -> new SlowPool.Handler() {
            @Override
            public void handle(DiskRequest r) {
                handlers.add(this);
                allIn.countDown();
                try {
                    allIn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                r.complete(DiskError.OK);
            }
        });
        pool.start();
        List<Noted> requests = List.of(new Noted(), new Noted(), new Noted());
        requests.forEach(pool::submit);
        for (Noted r : requests) {
            r.ended.await(); // only if all three came in together
        }
        assertThat(handlers).hasSize(3);
        pool.stop();
    }

    @Test
    void noMoreTasksAreStartedThanHaveWork() throws Exception {
        AtomicInteger started = new AtomicInteger();
        SlowPool pool = new SlowPool(counting(started, 100), "test", 10, () -> r -> r.complete(DiskError.OK));
        pool.start();
        for (int i = 0; i < 50; i++) {
            await().until(pool::isIdle);
            Noted r = new Noted();
            pool.submit(r);
            r.ended.await();
        }
        assertThat(started).hasValue(1);
        pool.stop();
    }

    @Test
    void aMachineWithoutMoreThreadsIsServedByThoseThereAre() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        SlowPool pool = new SlowPool(counting(started, 2), "test", 10, () -> r -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            r.complete(DiskError.OK);
        });
        pool.start();
        List<Noted> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            requests.add(new Noted());
        }
        requests.forEach(pool::submit);
        go.countDown();
        for (Noted r : requests) {
            r.ended.await();
            assertThat(r.error).isEqualTo(DiskError.OK);
        }
        assertThat(started).as("it is asked for one more only once").hasValue(3);
        pool.stop();
    }

    /** Starts so many tasks and no more, as a machine without memory for another thread does. */
    private Tasks counting(AtomicInteger started, int most) {
        return new ForwardingTasks(tasks) {
            @Override
            public Task start(String name, Runnable body) {
                if (started.incrementAndGet() > most) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                return super.start(name, body);
            }
        };
    }

    @Test
    void oneTaskHandlesRequestsInTheirOrder() throws Exception {
        List<Long> order = new CopyOnWriteArrayList<>();
        SlowPool pool = new SlowPool(tasks, "test", 1, () -> r -> {
            order.add(r.offsetBytes);
            r.complete(DiskError.OK);
        });
        pool.start();
        Noted last = new Noted();
        for (int i = 0; i < 100; i++) {
            Noted r = i == 99 ? last : new Noted();
            r.offsetBytes = i;
            pool.submit(r);
        }
        last.ended.await();
        assertThat(order).isSorted().hasSize(100);
        pool.stop();
    }

    @Test
    void aStopLetsWhatIsQueuedEndAndRefusesWhatComesLater() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        SlowPool pool = new SlowPool(tasks, "test", 2, () -> r -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            handled.incrementAndGet();
            r.complete(DiskError.OK);
        });
        pool.start();
        List<Noted> requests = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            requests.add(new Noted());
        }
        requests.forEach(pool::submit);
        Thread stopper = new Thread(pool::stop);
        stopper.start();
        go.countDown();
        stopper.join();
        assertThat(handled).hasValue(10);
        Noted late = new Noted();
        pool.submit(late);
        assertThat(late.error).isEqualTo(DiskError.ESHUTDOWN);
        assertThat(uncaught).isEmpty();
    }
}
