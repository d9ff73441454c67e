/**
 * Time, tasks, locks and waiting, as the engine is handed them: real threads, or a seeded simulation.
 */
@NullMarked
package writeboost.engine.task;

import org.jspecify.annotations.NullMarked;
