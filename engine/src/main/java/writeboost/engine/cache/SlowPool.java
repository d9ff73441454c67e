package writeboost.engine.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Tasks that handle the requests which need a device, so that no connection's thread waits for one. They are started as they
 * are needed, up to a limit, and stay. The queue needs no limit of its own: the server bounds the bytes in flight.
 */
final class SlowPool {
    /** Handles requests; one per task, so that each has its own buffers. */
    interface Handler {
        /** Handles a request and completes it, or passes it on. May block on devices, never on room in the log. */
        void handle(DiskRequest request);
    }

    private final Tasks tasks;
    private final String name;
    private final List<Handler> handlers = new ArrayList<>();
    private final Monitor lock;
    private final Monitor.Signal work;
    private final RequestQueue queue = new RequestQueue();
    private final List<Tasks.Task> running = new ArrayList<>();
    private int limit;
    private int idle;
    private boolean stopped;

    /**
     * Makes one, with all that its tasks need; none is started yet.
     *
     * @param limit tasks at the most, from 1 on: so many calls a device gets at a time
     */
    SlowPool(Tasks tasks, String name, int limit, Supplier<Handler> handlers) {
        this.tasks = tasks;
        this.name = name;
        this.limit = limit;
        lock = tasks.newMonitor(name);
        work = lock.newSignal("requests for " + name);
        for (int i = 0; i < limit; i++) {
            this.handlers.add(handlers.get());
        }
    }

    /** Starts the first task. */
    void start() {
        startTask();
    }

    private void startTask() {
        Handler handler = handlers.get(running.size());
        running.add(tasks.start(name + "-" + running.size(), () -> run(handler)));
    }

    /** Hands over a request. Any thread; after {@link #stop} it fails at once. */
    void submit(DiskRequest request) {
        boolean refused;
        lock.lock();
        try {
            refused = stopped;
            if (!refused) {
                queue.add(request);
                callSomebody();
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            request.complete(DiskError.ESHUTDOWN);
        }
    }

    /** Those who were woken, but do not run yet, still count as idle, and what they were woken for is still queued. */
    private void callSomebody() {
        if (queue.size() <= idle) {
            work.raiseOne();
        } else if (running.size() < limit) {
            try {
                startTask();
            } catch (OutOfMemoryError e) {
                limit = running.size(); // the machine has no more threads to give: fewer do
            }
        }
    }

    private void run(Handler handler) {
        for (DiskRequest r = next(); r != null; r = next()) {
            try {
                handler.handle(r);
            } catch (RuntimeException | OutOfMemoryError e) {
                r.complete(DiskError.EIO);
                throw e;
            }
        }
    }

    private @Nullable DiskRequest next() {
        lock.lock();
        try {
            while (queue.isEmpty() && !stopped) {
                idle++;
                work.await();
                idle--;
            }
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is queued, and every task waits for work. Any thread. */
    boolean isIdle() {
        lock.lock();
        try {
            return queue.isEmpty() && idle == running.size();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the tasks finish what is queued, and waits for them. */
    void stop() {
        lock.lock();
        stopped = true;
        work.raise();
        lock.unlock();
        for (Tasks.Task task : running) {
            task.join(Long.MAX_VALUE);
        }
    }
}
