/**
 * Moving dirty blocks to the backing device: what when, sorted, merged, with progress.
 */
@NullMarked
package writeboost.engine.writeback;

import org.jspecify.annotations.NullMarked;
