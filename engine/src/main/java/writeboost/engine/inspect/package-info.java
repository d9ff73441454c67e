/**
 * Looking at a cache, live or offline: dump, verify.
 */
@NullMarked
package writeboost.engine.inspect;

import org.jspecify.annotations.NullMarked;
