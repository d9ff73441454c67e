/**
 * This Linux machine: disks, mounts, users.
 */
@NullMarked
package writeboost.engine.host;

import org.jspecify.annotations.NullMarked;
