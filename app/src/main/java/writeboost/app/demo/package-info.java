/**
 * The demo: what a pair gains, measured in front of the user's eyes, as an NBD client sees it.
 */
@NullMarked
package writeboost.app.demo;

import org.jspecify.annotations.NullMarked;
