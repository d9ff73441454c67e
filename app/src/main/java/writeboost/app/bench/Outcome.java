package writeboost.app.bench;

import java.util.List;

/**
 * What came of a row.
 *
 * @param figures in the order of the row
 * @param leftOut a sentence for each figure that is missing, with what would bring it back
 */
public record Outcome(List<Figure> figures, List<String> leftOut) {
    /** Copies the lists. */
    public Outcome {
        figures = List.copyOf(figures);
        leftOut = List.copyOf(leftOut);
    }

    /** Nothing was left out. */
    public static Outcome of(Figure... figures) {
        return new Outcome(List.of(figures), List.of());
    }

    /** All of it was left out. */
    public static Outcome leftOut(String why) {
        return new Outcome(List.of(), List.of(why));
    }
}
