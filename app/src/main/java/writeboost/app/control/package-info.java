/**
 * Everything that a person can do with pairs, as one interface ({@link writeboost.app.control.CacheService}): over the
 * engine in this process, or over a unix socket to a process that serves.
 */
@NullMarked
package writeboost.app.control;

import org.jspecify.annotations.NullMarked;
