package writeboost.app.gui.model;

import java.util.Locale;

/** What the chart can look back over. */
public enum Span {
    /** A point for each second. */
    MINUTE(60, 1),
    /** A point for each second. */
    FIVE_MINUTES(300, 1),
    /** A point for every 12 seconds. */
    HOUR(300, 12),
    /** A point for every 5 minutes, nearly. */
    DAY(300, 288);

    private final int points;
    private final int secondsPerPoint;

    Span(int points, int secondsPerPoint) {
        this.points = points;
        this.secondsPerPoint = secondsPerPoint;
    }

    int points() {
        return points;
    }

    int secondsPerPoint() {
        return secondsPerPoint;
    }

    /** Its name. */
    public String label() {
        return Texts.get("span." + name().toLowerCase(Locale.ROOT));
    }
}
