package writeboost.app.bench;

import java.util.Locale;

/**
 * What a figure is to reach.
 *
 * @param kind which side of the value is good
 * @param value the bar itself; without meaning where there is none
 */
public record Bar(Kind kind, double value) {
    /** A figure that is reported and judged by nobody. */
    public static final Bar NONE = new Bar(Kind.NONE, 0);

    /** Which side of the bar is good. */
    public enum Kind {
        /** The bar or more. */
        AT_LEAST,
        /** The bar or less. */
        AT_MOST,
        /** There is no bar. */
        NONE
    }

    /** So much or more. */
    public static Bar atLeast(double value) {
        return new Bar(Kind.AT_LEAST, value);
    }

    /** So much or less. */
    public static Bar atMost(double value) {
        return new Bar(Kind.AT_MOST, value);
    }

    /** Whether there is one. */
    public boolean exists() {
        return kind != Kind.NONE;
    }

    /** Whether a figure reaches it; true if there is none. */
    public boolean isMetBy(double figure) {
        return switch (kind) {
            case AT_LEAST -> figure >= value;
            case AT_MOST -> figure <= value;
            case NONE -> true;
        };
    }

    /** As in {@code >= 1.0}; {@code report} where there is none. */
    @Override
    public String toString() {
        return switch (kind) {
            case AT_LEAST -> ">= " + number();
            case AT_MOST -> "<= " + number();
            case NONE -> "report";
        };
    }

    private String number() {
        return value == Math.rint(value) && value >= 10
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(
                        Locale.ROOT, Math.abs(value * 10 - Math.rint(value * 10)) < 1e-9 ? "%.1f" : "%.2f", value);
    }
}
