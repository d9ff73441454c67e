package writeboost.engine.cache;

import java.util.function.Consumer;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;

/**
 * Tasks that never die unnoticed: one that ends by a mistake of ours, or for lack of memory, halts the pair. Without
 * that, clients would wait for ever for what the task was to do.
 */
final class GuardedTasks extends ForwardingTasks {
    private final Consumer<Throwable> halt;

    GuardedTasks(Tasks tasks, Consumer<Throwable> halt) {
        super(tasks);
        this.halt = halt;
    }

    @Override
    public Task start(String name, Runnable body) {
        return super.start(name, guard(body));
    }

    /** A part of a task that somebody else's thread runs, guarded likewise. */
    Runnable guard(Runnable body) {
        return () -> {
            try {
                body.run();
            } catch (RuntimeException | OutOfMemoryError e) {
                halt.accept(e);
                throw e;
            }
        };
    }
}
