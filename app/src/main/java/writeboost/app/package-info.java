/**
 * What a person runs.
 */
@NullMarked
package writeboost.app;

import org.jspecify.annotations.NullMarked;
