package writeboost.app.gui.model;

import java.util.Locale;

/** The four figures, each with its text and its place in the chart. */
public enum Figure {
    /** Bytes that are only on the SSD, or in RAM. */
    NOT_ON_DISK,
    /** Share of the blocks read that came from RAM or the SSD. */
    READS_FROM_SSD,
    /** Bytes a second that programs write. */
    COMING_IN,
    /** Bytes a second that writeback moves to the disk. */
    MOVING_TO_DISK;

    /** The start of its keys in the texts. */
    String key() {
        return "figure." + name().toLowerCase(Locale.ROOT);
    }

    /** Its name. */
    public String label() {
        return Texts.get(key());
    }

    /** What it says, and by which formula. */
    public String explanation() {
        return Texts.get(key() + ".explained");
    }

    /** A value of it, in words. */
    String format(double value) {
        return switch (this) {
            case NOT_ON_DISK -> writeboost.app.config.Sizes.format(Math.round(value));
            case READS_FROM_SSD -> Quantities.percent(value);
            case COMING_IN, MOVING_TO_DISK -> Quantities.rate(value);
        };
    }
}
