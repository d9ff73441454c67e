package writeboost.app.bench;

/** A short wait for something that nobody tells us of. */
public final class Pause {
    private Pause() {}

    /**
     * Waits so many milliseconds.
     *
     * @throws EndedEarly if the thread is interrupted: the bench is to end
     */
    public static void ms(long ms) throws EndedEarly {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedEarly();
        }
    }
}
