package writeboost.app.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a bench has found out.
 *
 * @param machine what it ran on, as pairs of a word and a text
 * @param rows those that were asked for, in order; without those that were not reached
 */
public record Report(List<Fact> machine, List<Result> rows) {
    /** Copies the lists. */
    public Report {
        machine = List.copyOf(machine);
        rows = List.copyOf(rows);
    }

    /** Something worth knowing about the run. */
    public record Fact(String name, String value) {}

    /**
     * A row with what came of it.
     *
     * @param error why it could not be measured; null if it was
     * @param seconds that it took
     */
    public record Result(
            String name,
            String title,
            String method,
            Outcome outcome,
            @Nullable String error,
            double seconds) {}

    /** Whether something could not be measured because of an error. */
    public boolean hasErrors() {
        return rows.stream().anyMatch(row -> row.error() != null);
    }

    /** That all rows took together. */
    public double seconds() {
        return rows.stream().mapToDouble(Result::seconds).sum();
    }

    /** Figures that have a bar. */
    public long barred() {
        return figures().stream().filter(figure -> figure.bar().exists()).count();
    }

    /** Of these, those that reach it. */
    public long met() {
        return figures().stream()
                .filter(figure -> figure.bar().exists() && figure.isMet())
                .count();
    }

    private List<Figure> figures() {
        return rows.stream().flatMap(row -> row.outcome().figures().stream()).toList();
    }
}
