package writeboost.engine.sim;

import org.jspecify.annotations.Nullable;

/** What happened in a run: a hash over everything, and the newest events as text when a run fails. */
final class SimTrace {
    /** Enough to see several operations of every task before a failure. */
    private static final int EVENTS = 4096;

    private final @Nullable String[] tasks = new @Nullable String[EVENTS];
    private final @Nullable String[] whats = new @Nullable String[EVENTS];
    private final @Nullable String[] wheres = new @Nullable String[EVENTS];
    private final long[] firsts = new long[EVENTS];
    private final long[] seconds = new long[EVENTS];
    private final long[] steps = new long[EVENTS];
    /** Whether everything is printed as it happens: {@code -Dsim.trace=true}. */
    static final boolean ALL = Boolean.getBoolean("sim.trace");

    private long count;
    private long hash = 0xCBF29CE484222325L;

    /** Takes an event. {@code what} and {@code where} are constants or names: nothing is formatted here. */
    void add(long step, String task, int taskId, String what, String where, long first, long second) {
        int i = (int) (count++ & (EVENTS - 1));
        tasks[i] = task;
        whats[i] = what;
        wheres[i] = where;
        firsts[i] = first;
        seconds[i] = second;
        steps[i] = step;
        if (ALL) {
            System.out.printf("%8d %-18s %-14s %-20s %d %d%n", step, task, what, where, first, second);
        }
        long z = (hash ^ (taskId * 31L + what.hashCode())) * 0x100000001B3L;
        z = (z ^ first ^ (second << 20)) * 0xBF58476D1CE4E5B9L;
        hash = z ^ (z >>> 29);
    }

    /** Differs, as good as certainly, between runs that are not the same. */
    long hash() {
        return hash;
    }

    /** The newest events, oldest first, one per line. */
    String tail(int lines) {
        long from = Math.max(0, count - Math.min(lines, EVENTS));
        StringBuilder text = new StringBuilder();
        for (long n = from; n < count; n++) {
            int i = (int) (n & (EVENTS - 1));
            text.append(String.format(
                    "  %8d %-18s %-14s %-20s %d %d%n", steps[i], tasks[i], whats[i], wheres[i], firsts[i], seconds[i]));
        }
        return text.toString();
    }
}
