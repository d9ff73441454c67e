/**
 * The on-disk format and the log: superblock, checkpoint, chunk; append, scan, replay.
 */
@NullMarked
package writeboost.engine.log;

import org.jspecify.annotations.NullMarked;
