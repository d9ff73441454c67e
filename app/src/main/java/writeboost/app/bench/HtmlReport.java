package writeboost.app.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import writeboost.app.config.Sizes;

/** The result as a page with plots. It needs nothing but itself, and follows the light or dark colours of who looks at it. */
public final class HtmlReport {
    private static final String STYLE = "report.css";

    private final StringBuilder page = new StringBuilder();
    private final Report report;

    private HtmlReport(Report report) {
        this.report = report;
    }

    /** The text of the page. */
    public static String text(Report report) throws IOException {
        return new HtmlReport(report).write();
    }

    private String write() throws IOException {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Writeboost benchmarks</title>\n<style>\n")
                .append(style())
                .append("</style>\n</head>\n<body>\n<main>\n");
        head();
        overview();
        report.rows().forEach(this::row);
        return page.append("</main>\n</body>\n</html>").toString();
    }

    private void head() {
        page.append("<h1>Writeboost benchmarks</h1>\n<p class=\"sum\"><b>")
                .append(report.met())
                .append("</b> of ")
                .append(report.barred())
                .append(" bars met, in ")
                .append(Sizes.duration(report.seconds()))
                .append("</p>\n<dl>\n");
        for (Report.Fact fact : report.machine()) {
            page.append("<div><dt>")
                    .append(escape(fact.name()))
                    .append("</dt><dd>")
                    .append(escape(fact.value()))
                    .append("</dd></div>\n");
        }
        page.append("</dl>\n");
    }

    private void overview() {
        page.append(
                        "<p class=\"hint\">How far each figure is from its bar. The line is the bar, the right side the good one; a")
                .append(
                        " dot is a round, the stroke their median.</p>\n<table>\n<thead><tr><th>what</th><th>median</th>")
                .append("<th>min - max</th><th>bar</th><th></th><th>1/8 &hellip; 8 times the bar</th></tr></thead>\n");
        for (Report.Result row : report.rows()) {
            if (!row.outcome().figures().isEmpty()) {
                page.append("<tbody>\n<tr class=\"row\"><th colspan=\"6\"><a href=\"#")
                        .append(escape(row.name()))
                        .append("\">")
                        .append(escape(row.title()))
                        .append("</a></th></tr>\n");
                row.outcome().figures().forEach(this::line);
                page.append("</tbody>\n");
            }
        }
        page.append("</table>\n");
    }

    private void line(Figure figure) {
        Samples values = figure.values();
        String verdict = Numbers.verdict(figure);
        page.append("<tr><td>").append(escape(figure.what()));
        if (!figure.note().isEmpty()) {
            page.append("<small>").append(escape(figure.note())).append("</small>");
        }
        page.append("</td><td class=\"n\"><b>")
                .append(escape(Numbers.withUnit(values.median(), figure.unit())))
                .append("</b></td><td class=\"n\">")
                .append(Numbers.text(values.min()))
                .append(" - ")
                .append(Numbers.text(values.max()))
                .append("</td><td class=\"n\">")
                .append(escape(figure.bar().toString()))
                .append("</td><td class=\"")
                .append(figure.isMet() ? "met" : "missed")
                .append("\">")
                .append(verdict)
                .append("</td><td class=\"plot\">");
        if (figure.bar().exists()) {
            page.append(Plots.distance(figure));
        }
        page.append("</td></tr>\n");
    }

    private void row(Report.Result row) {
        page.append("<section id=\"")
                .append(escape(row.name()))
                .append("\">\n<h2>")
                .append(escape(row.title()))
                .append(" <code>")
                .append(escape(row.name()))
                .append("</code></h2>\n<p>")
                .append(escape(row.method()))
                .append(" It took ")
                .append(Sizes.duration(row.seconds()))
                .append(".</p>\n");
        page.append(Plots.series(row.outcome().figures()));
        row.outcome().leftOut().forEach(why -> remark("Left out: " + why));
        String error = row.error();
        if (error != null) {
            remark("Could not be measured: " + error);
        }
        page.append("</section>\n");
    }

    private void remark(String text) {
        page.append("<p class=\"remark\">").append(escape(text)).append("</p>\n");
    }

    private static String style() throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
            if (in == null) {
                throw new IOException("the program lacks a part of itself: " + STYLE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Text that means itself, in content and in attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
