/**
 * Rows that open the engine in this process, on modelled devices: what it costs in bytes, memory and jumps of the disk's head, and
 * how it does on devices that a machine does not happen to have. Clients come over NBD as always.
 *
 * <p>Modelled devices keep nothing of blocks of zeros, and zeros are what the clients write: so these rows need little memory and
 * no room on a disk.
 */
@NullMarked
package writeboost.app.bench.inside;

import org.jspecify.annotations.NullMarked;
