/**
 * The NBD protocol and server, over any disk.
 */
@NullMarked
package writeboost.engine.nbd;

import org.jspecify.annotations.NullMarked;
