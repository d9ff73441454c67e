/**
 * The simulation: the engine on simulated tasks and disks, one seed per run, power cuts anywhere, and a model of what may
 * be read.
 */
@NullMarked
package writeboost.engine.sim;

import org.jspecify.annotations.NullMarked;
