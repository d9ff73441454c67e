package writeboost.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import writeboost.app.config.Sizes;

/** The result as a table for a terminal. */
public final class TableReport {
    private static final String LINE = "%-62s %9s  %-21s %-9s %s";

    private TableReport() {}

    /** Its lines. */
    public static List<String> lines(Report report) {
        List<String> lines = new ArrayList<>();
        report.machine().forEach(fact -> lines.add(String.format(Locale.ROOT, "%-10s  %s", fact.name(), fact.value())));
        lines.add("");
        lines.add(String.format(Locale.ROOT, LINE, "what", "median", "min - max", "bar", ""));
        for (Report.Result row : report.rows()) {
            lines.add(row.title() + " (" + row.name() + ", " + Sizes.duration(row.seconds()) + ")");
            row.outcome().figures().forEach(figure -> add(lines, figure));
            row.outcome().leftOut().forEach(why -> lines.add("    left out: " + why));
            if (row.error() != null) {
                lines.add("    could not be measured: " + row.error());
            }
        }
        lines.add("");
        lines.add(report.met() + " of " + report.barred() + " bars met, in " + Sizes.duration(report.seconds()));
        return lines;
    }

    private static void add(List<String> lines, Figure figure) {
        Samples values = figure.values();
        lines.add(String.format(
                        Locale.ROOT,
                        LINE,
                        "    " + figure.what() + (figure.unit().isEmpty() ? "" : " (" + figure.unit() + ")"),
                        Numbers.text(values.median()),
                        Numbers.text(values.min()) + " - " + Numbers.text(values.max()),
                        figure.bar(),
                        Numbers.verdict(figure))
                .stripTrailing());
        if (!figure.note().isEmpty()) {
            lines.add("        " + figure.note());
        }
    }
}
