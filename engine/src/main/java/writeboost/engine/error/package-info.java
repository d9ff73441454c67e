/**
 * How the engine says that something failed: one exception, with a code.
 */
@NullMarked
package writeboost.engine.error;

import org.jspecify.annotations.NullMarked;
