package writeboost.app.config;

import java.util.regex.Pattern;

/**
 * The rules for names of pairs. A name is a file name (profile, sockets) and an NBD export name, and is typed in a shell:
 * letters, digits, {@code . _ -}, the first a letter or a digit, no more than {@value #MAX_LENGTH} of them.
 */
public final class PairName {
    /** Leaves room for the socket folder: the path of a unix socket may have 107 bytes. */
    public static final int MAX_LENGTH = 48;

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_LENGTH - 1) + "}");

    private PairName() {}

    /** Whether the name keeps the rules. */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /**
     * Returns the name if it keeps the rules.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static String check(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("\"" + printable(name) + "\" cannot be the name of a pair; use 1 to "
                    + MAX_LENGTH + " letters, digits, dots, underscores and hyphens, a letter or a digit first");
        }
        return name;
    }

    private static String printable(String name) {
        String shown = name.replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= MAX_LENGTH ? shown : shown.substring(0, MAX_LENGTH) + "…";
    }
}
