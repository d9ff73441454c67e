/**
 * The cached disk: index, RAM buffers, the paths of requests, statistics.
 */
@NullMarked
package writeboost.engine.cache;

import org.jspecify.annotations.NullMarked;
