package writeboost.app.client;

import java.util.SplittableRandom;

/** Numbers in no order, each of them once before any comes again, then in another order. Used by one thread. */
public final class Shuffled {
    private final SplittableRandom random;
    private final int[] round;
    private int next;

    /**
     * Makes one of the numbers from 0 on.
     *
     * @param limit above all of them; 1 or more
     * @param random its own from now on, or one whose order of use is the same each time
     */
    public Shuffled(int limit, SplittableRandom random) {
        this.random = random;
        this.round = new int[limit];
        shuffle();
    }

    /** The same seed gives the same orders. */
    public Shuffled(int limit, long seed) {
        this(limit, new SplittableRandom(seed));
    }

    /** The next one. */
    public int next() {
        if (next == round.length) {
            shuffle();
            next = 0;
        }
        return round[next++];
    }

    private void shuffle() {
        for (int i = 0; i < round.length; i++) {
            int other = random.nextInt(i + 1);
            round[i] = round[other];
            round[other] = i;
        }
    }
}
