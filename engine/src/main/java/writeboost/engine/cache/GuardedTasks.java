package writeboost.engine.cache;

import java.util.function.Consumer;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Tasks that never die unnoticed: one that ends by a mistake of ours, or for lack of memory, halts the pair. Without
 * that, clients would wait for ever for what the task was to do.
 */
final class GuardedTasks implements Tasks {
    private final Tasks tasks;
    private final Consumer<Throwable> halt;

    GuardedTasks(Tasks tasks, Consumer<Throwable> halt) {
        this.tasks = tasks;
        this.halt = halt;
    }

    @Override
    public long nanoTime() {
        return tasks.nanoTime();
    }

    @Override
    public long wallTimeMs() {
        return tasks.wallTimeMs();
    }

    @Override
    public long suspendedNs() {
        return tasks.suspendedNs();
    }

    @Override
    public Monitor newMonitor(String name) {
        return tasks.newMonitor(name);
    }

    @Override
    public Task start(String name, Runnable body) {
        return tasks.start(name, () -> {
            try {
                body.run();
            } catch (RuntimeException | OutOfMemoryError e) {
                halt.accept(e);
                throw e;
            }
        });
    }

    @Override
    public void sleep(long durationNs) {
        tasks.sleep(durationNs);
    }
}
