/**
 * Block devices under the engine: files and disks, in memory, throttled, modelled, with faults.
 */
@NullMarked
package writeboost.engine.device;

import org.jspecify.annotations.NullMarked;
