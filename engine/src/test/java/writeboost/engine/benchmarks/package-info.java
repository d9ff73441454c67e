/** Benchmarks of the inner pieces: what runs them, and what they share. They lie beside the classes that they measure. */
@NullMarked
package writeboost.engine.benchmarks;

import org.jspecify.annotations.NullMarked;
