/**
 * The command line. Speaks {@link writeboost.app.control.CacheService} only.
 */
@NullMarked
package writeboost.app.cli;

import org.jspecify.annotations.NullMarked;
