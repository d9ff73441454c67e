package writeboost.engine.error;

/**
 * Checks of what only a mistake of ours can break; always on, in the shipped program too. Never used for what a client
 * or a device sent.
 */
public final class Invariant {
    private Invariant() {}

    /**
     * Fails if {@code holds} is false.
     *
     * @param what the invariant, as a sentence
     * @throws IllegalStateException if it does not hold
     */
    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("broken invariant: " + what);
        }
    }
}
