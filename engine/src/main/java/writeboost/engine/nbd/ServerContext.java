package writeboost.engine.nbd;

import java.util.function.Supplier;
import writeboost.engine.task.Tasks;

/**
 * What the connections of one server share.
 *
 * @param exports the exports as they are now
 */
record ServerContext(
        Tasks tasks,
        NbdListener listener,
        BufferPool pool,
        ByteBudget budget,
        ServerCounters counters,
        Connections connections,
        Supplier<Exports> exports) {}
