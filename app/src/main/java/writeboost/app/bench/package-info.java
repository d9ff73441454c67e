/**
 * Benchmarks: the same work given in turns to Writeboost and to what one would use instead, and what comes of it as a
 * table, JSON, Markdown and a page with plots.
 *
 * <p>A {@link writeboost.app.bench.Row} is one experiment and has one or more {@link writeboost.app.bench.Figure}s. Most
 * rows are a {@link writeboost.app.bench.Comparison} of servers that run as processes of their own; others are free to
 * measure as they like.
 */
@NullMarked
package writeboost.app.bench;

import org.jspecify.annotations.NullMarked;
