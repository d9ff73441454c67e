package writeboost.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import writeboost.app.config.Sizes;

/** The result as Markdown, for a document. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** The text. */
    public static String text(Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(report.machine().stream()
                .map(fact -> fact.name() + " " + fact.value())
                .collect(Collectors.joining("; ", "Measured on: ", ".")));
        lines.add("");
        lines.add("| what | median | min - max | bar | |");
        lines.add("|---|---|---|---|---|");
        for (Report.Result row : report.rows()) {
            row.outcome().figures().forEach(figure -> lines.add(line(row, figure)));
        }
        lines.add("");
        lines.add(report.met() + " of " + report.barred() + " bars met, in " + Sizes.duration(report.seconds()) + ".");
        List<String> notes = notes(report);
        if (!notes.isEmpty()) {
            lines.add("");
            notes.forEach(note -> lines.add("- " + note));
        }
        return String.join("\n", lines);
    }

    private static String line(Report.Result row, Figure figure) {
        Samples values = figure.values();
        return cells(
                row.title() + ": " + figure.what(),
                Numbers.withUnit(values.median(), figure.unit()),
                Numbers.text(values.min()) + " - " + Numbers.text(values.max()),
                figure.bar().toString(),
                figure.bar().exists() && !figure.isMet() ? "**missed**" : Numbers.verdict(figure));
    }

    private static String cells(String... texts) {
        return List.of(texts).stream()
                .map(text -> text.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static List<String> notes(Report report) {
        List<String> notes = new ArrayList<>();
        for (Report.Result row : report.rows()) {
            for (Figure figure : row.outcome().figures()) {
                if (!figure.note().isEmpty()) {
                    notes.add(row.title() + ": " + figure.what() + ": " + figure.note());
                }
            }
            row.outcome().leftOut().forEach(why -> notes.add("Left out: " + why));
            if (row.error() != null) {
                notes.add("Could not be measured: " + row.title() + ": " + row.error());
            }
        }
        return notes;
    }
}
