package writeboost.app.bench;

import java.util.List;

/**
 * One line of the result.
 *
 * @param what what was measured and what it was divided by, as in {@code IOPS / nbdkit memory}
 * @param unit of the values; empty for a ratio
 * @param values the figure of each round
 * @param bar what its median is to reach
 * @param series the plain values that it was computed from; may be empty
 * @param note something that whoever reads the figure has to know; empty if there is nothing
 */
public record Figure(String what, String unit, Samples values, Bar bar, List<Series> series, String note) {
    /** Copies the list. */
    public Figure {
        series = List.copyOf(series);
    }

    /** A ratio of two series, round by round. */
    public static Figure ratio(String what, Series ours, Series theirs, Bar bar) {
        return new Figure(what, "", ours.samples().dividedBy(theirs.samples()), bar, List.of(ours, theirs), "");
    }

    /** A figure that is no ratio, or one that was computed elsewhere. */
    public static Figure plain(String what, String unit, Samples values, Bar bar) {
        return new Figure(what, unit, values, bar, List.of(), "");
    }

    /** The same with a note. */
    public Figure noting(String text) {
        return new Figure(what, unit, values, bar, series, text);
    }

    /** Whether the median reaches the bar; true if there is none. */
    public boolean isMet() {
        return bar.isMetBy(values.median());
    }
}
