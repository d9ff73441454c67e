package writeboost.app.bench;

import java.util.SplittableRandom;

/** Numbers below a limit in random order, each of them once in a round; every round has the same order. */
public final class Shuffled {
    private final int[] all;
    private int next;

    /** The order is the generator's to choose. */
    public Shuffled(int limit, SplittableRandom random) {
        all = new int[limit];
        for (int i = 0; i < limit; i++) {
            int other = random.nextInt(i + 1);
            all[i] = all[other];
            all[other] = i;
        }
    }

    /** The same seed gives the same order. */
    public Shuffled(int limit, long seed) {
        this(limit, new SplittableRandom(seed));
    }

    /** The next one. */
    public int next() {
        int number = all[next];
        next = (next + 1) % all.length;
        return number;
    }
}
