package writeboost.app.gui.model;

import java.util.Arrays;

/**
 * The chart: one figure over one span.
 *
 * @param title the figure's name
 * @param points oldest first, in figure units; NaN where nothing is known
 * @param top the value at the upper edge; never 0
 * @param topText the same in words
 * @param summary the newest and the highest value, beside the title
 * @param sentence the newest and the highest value, for those who cannot see the chart
 */
@SuppressWarnings("ArrayRecordComponent") // fresh for each chart, and compared by nobody
public record ChartViewModel(
        Figure figure,
        Span span,
        String title,
        double[] points,
        double top,
        String topText,
        String summary,
        String sentence) {

    static ChartViewModel of(Figure figure, Span span, History history) {
        double[] points = history.points(figure, span);
        double max = Arrays.stream(points)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
        double top = top(figure, max);
        double newest = points[points.length - 1];
        String sentence = Double.isNaN(newest)
                ? Texts.get("chart.nothing", figure.label())
                : Texts.get("chart.sentence", figure.label(), figure.format(newest), figure.format(max));
        String summary =
                Double.isNaN(newest) ? "" : Texts.get("chart.summary", figure.format(newest), figure.format(max));
        return new ChartViewModel(figure, span, figure.label(), points, top, figure.format(top), summary, sentence);
    }

    /** A round number that is not far above the highest point. */
    private static double top(Figure figure, double max) {
        if (figure == Figure.READS_FROM_SSD) {
            return 1;
        }
        double unit = figure == Figure.NOT_ON_DISK ? 1 << 20 : 1e6;
        double top = unit;
        for (int step = 0; top < max; step++) {
            double factor = figure == Figure.NOT_ON_DISK ? 2 : step % 3 == 1 ? 2.5 : 2;
            top *= factor;
        }
        return top;
    }
}
