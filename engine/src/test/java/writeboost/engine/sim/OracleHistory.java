package writeboost.engine.sim;

import org.jspecify.annotations.Nullable;

/** The newest events of an oracle, for telling what happened to a sector that turned out wrong. */
final class OracleHistory {
    private static final int EVENTS = 1 << 14;
    private static final int SHOWN = 40;
    /** Of these at the most so many that are about the whole disk. */
    private static final int GENERAL = 30;

    private final @Nullable String[] whats = new @Nullable String[EVENTS];
    private final long[] times = new long[EVENTS];
    private final int[] firsts = new int[EVENTS];
    private final int[] lasts = new int[EVENTS];
    private int count;

    /** Something about the whole disk. */
    void add(long time, String what) {
        add(time, what, 0, Integer.MAX_VALUE);
    }

    void add(long time, String what, int first, int last) {
        int i = count++ & (EVENTS - 1);
        times[i] = time;
        whats[i] = what;
        firsts[i] = first;
        lasts[i] = last;
    }

    /** What happened to a sector, newest last. */
    String of(int sector) {
        StringBuilder text = new StringBuilder();
        int shown = 0;
        int general = 0;
        for (int n = count - 1; n >= Math.max(0, count - EVENTS) && shown < SHOWN; n--) {
            int i = n & (EVENTS - 1);
            boolean about = lasts[i] < Integer.MAX_VALUE;
            if (firsts[i] <= sector && sector <= lasts[i] && (about || general++ < GENERAL)) {
                shown += about ? 1 : 0;
                text.insert(
                        0,
                        String.format(
                                "    at %d: %s%n",
                                times[i], whats[i] + (about ? " (sectors " + firsts[i] + ".." + lasts[i] + ")" : "")));
            }
        }
        return text.insert(0, String.format("  History of sector %d:%n", sector))
                .toString();
    }
}
