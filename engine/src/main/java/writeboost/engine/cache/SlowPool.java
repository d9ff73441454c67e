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
 * A few tasks that handle the requests which need a device, so that no connection's thread waits for one. The queue needs
 * no limit of its own: the server bounds the bytes in flight.
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
    private boolean stopped;

    /** Makes one, with all that its tasks need; they are not started yet. */
    SlowPool(Tasks tasks, String name, int threads, Supplier<Handler> handlers) {
        this.tasks = tasks;
        this.name = name;
        lock = tasks.newMonitor(name);
        work = lock.newSignal("requests for " + name);
        for (int i = 0; i < threads; i++) {
            this.handlers.add(handlers.get());
        }
    }

    /** Starts the tasks. */
    void start() {
        for (Handler handler : handlers) {
            running.add(tasks.start(name + "-" + running.size(), () -> run(handler)));
        }
    }

    /** Hands over a request. Any thread; after {@link #stop} it fails at once. */
    void submit(DiskRequest request) {
        lock.lock();
        boolean refused = stopped;
        if (!refused) {
            queue.add(request);
            work.raise();
        }
        lock.unlock();
        if (refused) {
            request.complete(DiskError.ESHUTDOWN);
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
                work.await();
            }
            return queue.poll();
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
