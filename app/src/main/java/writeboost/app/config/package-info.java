/**
 * How this installation is set up: the environment it runs in, its log, the profiles of pairs, their settings. Knows
 * nothing of the rest of the program.
 */
@NullMarked
package writeboost.app.config;

import org.jspecify.annotations.NullMarked;
