package writeboost.engine.log;

/**
 * The marks of the log, all seqs. Invariant: oldest &lt;= tail + 1 &lt;= durable + 1.
 *
 * @param durable every chunk up to it is durable on the cache device
 * @param tail every dirty entry up to it is durable on the backing device, or superseded by a durable later entry
 * @param oldest replay starts here; what lies before is dead
 */
public record Marks(long durable, long tail, long oldest) {
    /** The most that anything numbered can come to: no log gets so far, and what counts on from here never overflows. */
    private static final long MAX_NUMBER = 1L << 62;

    /** Whether a device can mean it: a seq, an id, a generation or an incarnation. */
    static boolean isNumber(long number) {
        return number >= 0 && number <= MAX_NUMBER;
    }

    /** The larger of each. */
    Marks max(Marks other) {
        return new Marks(Math.max(durable, other.durable), Math.max(tail, other.tail), Math.max(oldest, other.oldest));
    }

    /** Whether the invariant holds, and all are seqs; for what a device says. */
    boolean arePossible() {
        return oldest >= 1 && oldest - 1 <= tail && tail <= durable && isNumber(durable);
    }
}
