package writeboost.app.gui.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The figures of the last day, finer for what was lately: for each span that the chart offers, a line of averages. Any thread
 * may call.
 */
final class History {
    private final Map<Span, Map<Figure, Line>> lines = new EnumMap<>(Span.class); // guarded by this

    History() {
        clear();
    }

    /** Takes the figures of one second; what is missing is not known. */
    synchronized void add(Map<Figure, Double> figures) {
        lines.forEach((span, byFigure) -> byFigure.forEach(
                (figure, line) -> line.add(figures.getOrDefault(figure, Double.NaN), span.secondsPerPoint())));
    }

    /** The points of a span, oldest first; NaN where nothing is known. */
    synchronized double[] points(Figure figure, Span span) {
        Map<Figure, Line> byFigure = lines.get(span);
        Line line = byFigure == null ? null : byFigure.get(figure);
        return line == null ? new double[0] : line.points.clone();
    }

    synchronized void clear() {
        for (Span span : Span.values()) {
            Map<Figure, Line> byFigure = new EnumMap<>(Figure.class);
            for (Figure figure : Figure.values()) {
                byFigure.put(figure, new Line(span.points()));
            }
            lines.put(span, byFigure);
        }
    }

    /** Averages of so many seconds each, the newest last. */
    private static final class Line {
        private final double[] points;
        private double sum;
        private int known;
        private int seconds;

        Line(int count) {
            points = new double[count];
            Arrays.fill(points, Double.NaN);
        }

        void add(double value, int secondsPerPoint) {
            if (!Double.isNaN(value)) {
                sum += value;
                known++;
            }
            if (++seconds < secondsPerPoint) {
                return;
            }
            System.arraycopy(points, 1, points, 0, points.length - 1);
            points[points.length - 1] = known == 0 ? Double.NaN : sum / known;
            sum = 0;
            known = 0;
            seconds = 0;
        }
    }
}
