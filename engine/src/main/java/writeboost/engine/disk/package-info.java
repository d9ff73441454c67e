/**
 * What a server serves: a disk that takes requests and completes them.
 */
@NullMarked
package writeboost.engine.disk;

import org.jspecify.annotations.NullMarked;
