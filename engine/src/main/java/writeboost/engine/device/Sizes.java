package writeboost.engine.device;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * Sizes as people write and read them. {@code K M G T P}, alone or as {@code KiB MiB ...}, are powers of 1024;
 * {@code KB MB GB TB PB} are powers of 1000, as in coreutils.
 */
public final class Sizes {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*(?:([KMGTP])(iB|B)?|B)?", 0);
    private static final String PREFIXES = "KMGTP";

    private Sizes() {}

    /**
     * Reads a size such as {@code 4096}, {@code 512M}, {@code 1.5 GiB}, {@code 500GB}; case does not matter.
     *
     * @return bytes, 0 or more
     * @throws EngineException USAGE if it is not a size, not a whole number of bytes, or 8 EiB or more
     */
    public static long parse(String text) throws EngineException {
        Matcher matcher = SIZE.matcher(normalised(text));
        if (!matcher.matches()) {
            throw wrong(text);
        }
        BigDecimal factor = BigDecimal.ONE;
        String prefix = matcher.group(2);
        if (prefix != null) {
            int base = "B".equals(matcher.group(3)) ? 1000 : 1024;
            factor = BigDecimal.valueOf(base).pow(PREFIXES.indexOf(prefix) + 1);
        }
        try {
            return new BigDecimal(matcher.group(1)).multiply(factor).longValueExact();
        } catch (ArithmeticException e) {
            throw wrong(text);
        }
    }

    /** Upper case, but for the i of KiB, which then tells it from KB. */
    private static String normalised(String text) {
        return text.strip().toUpperCase(Locale.ROOT).replace("IB", "iB");
    }

    private static EngineException wrong(String text) {
        return new EngineException(
                ErrorCode.USAGE,
                "'" + text + "' is not a size: give a whole number of bytes, or a number with K, M, G or T (powers of"
                        + " 1024), such as 512M or 64G");
    }

    /**
     * A size for people, in powers of 1024 and with at most one decimal: {@code 512 B}, {@code 1.2 GiB}, {@code 64 GiB}.
     *
     * @param bytes 0 or more
     */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / 10, PREFIXES.length());
        double value = bytes / (double) (1L << (10 * power));
        if (Math.round(value * 10) >= 10_240 && power < PREFIXES.length()) {
            power++;
            value /= 1024;
        }
        long tenths = Math.round(value * 10);
        String number = tenths % 10 == 0 ? Long.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
        return number + " " + PREFIXES.charAt(power - 1) + "iB";
    }
}
