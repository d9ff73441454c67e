package writeboost.app.bench;

import java.util.Locale;

/** Figures as people read them: three digits that count. */
final class Numbers {
    private Numbers() {}

    static String text(double value) {
        double size = Math.abs(value);
        if (size >= 100 || value == 0) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return String.format(Locale.ROOT, size >= 0.1 ? "%.2f" : "%.4f", value);
    }

    /** The same with its unit, if it has one. */
    static String withUnit(double value, String unit) {
        return unit.isEmpty() ? text(value) : text(value) + " " + unit;
    }

    /** Whether the bar was reached, in a word. */
    static String verdict(Figure figure) {
        if (!figure.bar().exists()) {
            return "";
        }
        return figure.isMet() ? "met" : "MISSED";
    }
}
