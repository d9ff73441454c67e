package writeboost.app.gui.model;

import java.util.Locale;
import writeboost.app.config.Sizes;

/** Quantities as the window writes them. */
final class Quantities {
    static final int BLOCK_BYTES = 4096;

    /** Slower than this is shown as standing still. */
    static final double RATE_MIN = 1_000;

    private Quantities() {}

    /** For example {@code 85 MB/s}, {@code 8.5 MB/s}, {@code 340 kB/s}, {@code 0 MB/s}. */
    static String rate(double bytesPerSecond) {
        if (bytesPerSecond < RATE_MIN) {
            return "0 MB/s";
        }
        if (bytesPerSecond < 999_500) {
            return String.format(Locale.ROOT, "%.0f kB/s", bytesPerSecond / 1e3);
        }
        double mega = bytesPerSecond / 1e6;
        return String.format(Locale.ROOT, mega < 9.95 ? "%.1f MB/s" : "%.0f MB/s", mega);
    }

    /** For example {@code 92 %}; rounds to 100 % only what is all. */
    static String percent(double ratio) {
        long percent = Math.round(100 * ratio);
        if (percent == 100 && ratio < 1) {
            percent = 99;
        }
        return percent + " %";
    }

    static String blocks(long blocks) {
        return Sizes.format(blocks * BLOCK_BYTES);
    }
}
