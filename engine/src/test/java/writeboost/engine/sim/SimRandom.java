package writeboost.engine.sim;

/** The random source of a simulation (SplitMix64): the same seed gives the same numbers on every machine. */
final class SimRandom {
    private static final double UNIT = 0x1.0p-53;

    private long state;

    SimRandom(long seed) {
        this.state = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    }

    /** A source of its own, so that more numbers drawn here do not change what is drawn there. */
    SimRandom split() {
        return new SimRandom(nextLong());
    }

    long nextLong() {
        long z = state += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** From 0 to {@code bound - 1}. */
    long below(long bound) {
        return Long.remainderUnsigned(nextLong(), bound);
    }

    /** From {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True with this probability. */
    boolean chance(double probability) {
        return probability > 0 && (nextLong() >>> 11) * UNIT < probability;
    }

    /** One of the values. */
    double oneOf(double... values) {
        return values[below(values.length)];
    }

    /** One of the values. */
    int oneOf(int... values) {
        return values[below(values.length)];
    }

    /** An index, each with a probability in proportion to its weight. */
    int weighted(double... weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double at = (nextLong() >>> 11) * UNIT * sum;
        for (int i = 0; i < weights.length; i++) {
            at -= weights[i];
            if (at < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }
}
