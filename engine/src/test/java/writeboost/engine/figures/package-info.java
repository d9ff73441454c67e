/** The figures that tests measure, with the bars that they must not miss. */
@NullMarked
package writeboost.engine.figures;

import org.jspecify.annotations.NullMarked;
