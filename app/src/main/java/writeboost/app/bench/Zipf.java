package writeboost.app.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers below a limit, of which few come often and most hardly ever: the k-th of them with a probability of 1 / k^s. */
public final class Zipf {
    /** Odd, and so a permutation of a range that is a power of two: those that come often lie far apart. */
    private static final long SCATTER = 0x9e3779b97f4a7c15L;

    private final double[] cumulated;
    private final SplittableRandom random;

    /**
     * Makes one.
     *
     * @param numbers how many different ones there are
     * @param exponent s; above 0
     */
    public Zipf(int numbers, double exponent, SplittableRandom random) {
        this.random = random;
        cumulated = new double[numbers];
        double sum = 0;
        for (int i = 0; i < numbers; i++) {
            sum += Math.pow(i + 1.0, -exponent);
            cumulated[i] = sum;
        }
    }

    /** The next one. */
    public int next() {
        double place = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, place);
        return scattered(Math.min(found < 0 ? -found - 1 : found, cumulated.length - 1));
    }

    private int scattered(int rank) {
        long range = Long.highestOneBit(Math.max(1, cumulated.length * 2L - 1));
        long number = rank;
        do { // a walk through the permutation, until it is below the limit again
            number = (number * SCATTER + 1) & (range - 1);
        } while (number >= cumulated.length);
        return (int) number;
    }
}
