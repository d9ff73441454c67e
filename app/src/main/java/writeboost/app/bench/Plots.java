package writeboost.app.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plots as inline SVG; their colours are the page's. */
final class Plots {
    /** Of the scale of distances to a bar: what is farther away stands at its end. */
    private static final double FARTHEST = 8;

    private static final int STRIP_WIDTH = 240;
    private static final int STRIP_HEIGHT = 22;
    private static final int WIDTH = 720;
    private static final int LABEL_WIDTH = 190;
    private static final int VALUE_WIDTH = 90;
    private static final int BAR_HEIGHT = 16;
    private static final int LINE_HEIGHT = 26;

    private Plots() {}

    /** Where the rounds of a figure lie beside its bar, on a logarithmic scale. */
    static String distance(Figure figure) {
        StringBuilder svg = new StringBuilder();
        double middle = STRIP_HEIGHT / 2.0;
        add(
                svg,
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s, beside its bar\">",
                STRIP_WIDTH,
                STRIP_HEIGHT,
                STRIP_WIDTH,
                HtmlReport.escape(figure.what()));
        add(svg, "<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", STRIP_WIDTH, middle, middle);
        add(
                svg,
                "<line class=\"bar\" x1=\"%d\" x2=\"%d\" y1=\"1\" y2=\"%d\"/>",
                STRIP_WIDTH / 2,
                STRIP_WIDTH / 2,
                STRIP_HEIGHT - 1);
        String side = figure.isMet() ? "good" : "bad";
        for (double value : figure.values().values()) {
            add(
                    svg,
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
                    side,
                    place(score(figure.bar(), value)),
                    middle);
        }
        double median = place(score(figure.bar(), figure.values().median()));
        add(
                svg,
                "<line class=\"median %s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"3\" y2=\"%d\"/>",
                side,
                median,
                median,
                STRIP_HEIGHT - 3);
        return svg.append("</svg>").toString();
    }

    /** How many times better than the bar a value is; 1 if it is just met. */
    static double score(Bar bar, double value) {
        if (value == bar.value()) {
            return 1;
        }
        double score = bar.kind() == Bar.Kind.AT_LEAST ? value / bar.value() : bar.value() / value;
        return Double.isFinite(score) ? score : FARTHEST;
    }

    private static double place(double score) {
        double log = Math.log(Math.min(FARTHEST, Math.max(1 / FARTHEST, score))) / Math.log(FARTHEST);
        return STRIP_WIDTH / 2.0 + log * (STRIP_WIDTH / 2.0 - 4);
    }

    /** The plain values behind the figures of a row, one chart for each unit; the first in each is ours. */
    static String series(List<Figure> figures) {
        Map<String, Map<String, Series>> byUnit = new LinkedHashMap<>();
        for (Figure figure : figures) {
            for (Series series : figure.series()) {
                byUnit.computeIfAbsent(series.unit(), unit -> new LinkedHashMap<>())
                        .putIfAbsent(series.who(), series);
            }
        }
        StringBuilder charts = new StringBuilder();
        byUnit.forEach((unit, all) -> charts.append(chart(unit, new ArrayList<>(all.values()))));
        return charts.toString();
    }

    private static String chart(String unit, List<Series> all) {
        double most =
                all.stream().mapToDouble(each -> each.samples().max()).max().orElse(1);
        double scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / (most > 0 ? most : 1);
        int height = all.size() * LINE_HEIGHT;
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<figure><figcaption>%s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                HtmlReport.escape(unit),
                WIDTH,
                height,
                HtmlReport.escape(unit));
        for (int i = 0; i < all.size(); i++) {
            line(svg, all.get(i), i * LINE_HEIGHT, scale, i == 0 ? "ours" : "theirs");
        }
        return svg.append("</svg></figure>\n").toString();
    }

    private static void line(StringBuilder svg, Series series, int top, double scale, String who) {
        Samples samples = series.samples();
        double middle = top + LINE_HEIGHT / 2.0;
        double end = LABEL_WIDTH + samples.median() * scale;
        double first = LABEL_WIDTH + samples.min() * scale;
        double last = LABEL_WIDTH + samples.max() * scale;
        add(
                svg,
                "<text x=\"%d\" y=\"%.1f\" class=\"who\">%s</text>",
                LABEL_WIDTH - 8,
                middle,
                HtmlReport.escape(series.who()));
        add(
                svg,
                "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
                who,
                LABEL_WIDTH,
                middle - BAR_HEIGHT / 2.0,
                end - LABEL_WIDTH,
                BAR_HEIGHT);
        add(
                svg,
                "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                first,
                last,
                middle,
                middle);
        add(
                svg,
                "<text x=\"%.1f\" y=\"%.1f\" class=\"value\">%s</text>",
                Math.max(end, last) + 8,
                middle,
                Numbers.text(samples.median()));
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
