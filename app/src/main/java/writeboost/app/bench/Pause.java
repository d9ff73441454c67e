package writeboost.app.bench;

/** A short wait for something that nobody tells us of. */
final class Pause {
    private Pause() {}

    static void ms(long ms) throws EndedEarly {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedEarly();
        }
    }
}
