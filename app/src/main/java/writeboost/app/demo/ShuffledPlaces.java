package writeboost.app.demo;

import java.util.SplittableRandom;

/** Numbers in no order, each once before any comes again. Used by one thread. */
final class ShuffledPlaces {
    private final SplittableRandom random;
    private final int[] shuffled;
    private int next;

    /** Makes one of the numbers from 0 on. */
    ShuffledPlaces(SplittableRandom random, int count) {
        this.random = random;
        this.shuffled = new int[count];
    }

    int next() {
        if (next % shuffled.length == 0) {
            shuffle();
        }
        return shuffled[next++];
    }

    private void shuffle() {
        for (int i = 0; i < shuffled.length; i++) {
            int other = random.nextInt(i + 1);
            shuffled[i] = shuffled[other];
            shuffled[other] = i;
        }
        next = 0;
    }
}
