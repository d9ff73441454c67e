package writeboost.app.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write and read them. Units are powers of 1024. */
public final class Sizes {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*([KMGTP]?)(I?B)?");
    private static final String UNITS = "KMGTP";

    private Sizes() {}

    /**
     * Reads a size such as {@code 512M}, {@code 64G}, {@code 4096}.
     *
     * @return bytes
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static long parse(String text) {
        Matcher matcher = SIZE.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size; write one like 512M or 64G");
        }
        long number = Long.parseLong(matcher.group(1));
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * (UNITS.indexOf(matcher.group(2)) + 1);
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("\"" + text + "\" is more than any disk holds");
        }
        return number << shift;
    }

    /** For example {@code 1.2 GiB}, {@code 512 KiB}, {@code 0 B}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        // would be rounded to 1024
        if (value >= 1023.5 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = value >= 100 || Math.abs(value - Math.rint(value)) < 0.05;
        return String.format(Locale.ROOT, whole ? "%.0f %siB" : "%.1f %siB", value, UNITS.charAt(unit));
    }

    /** For example {@code 40 s}, {@code 4 min}, {@code 3 h}, {@code 2 d}. */
    public static String duration(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < 100) {
            return whole + " s";
        }
        if (whole < 100 * 60) {
            return Math.round(whole / 60.0) + " min";
        }
        if (whole < 48 * 3600) {
            return Math.round(whole / 3600.0) + " h";
        }
        return Math.round(whole / 86400.0) + " d";
    }
}
