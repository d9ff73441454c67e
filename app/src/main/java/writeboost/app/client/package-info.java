/**
 * A client of NBD servers, for who puts load on one: the demo and the benchmarks.
 */
@NullMarked
package writeboost.app.client;

import org.jspecify.annotations.NullMarked;
