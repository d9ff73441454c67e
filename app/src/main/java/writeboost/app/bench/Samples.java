package writeboost.app.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What was measured in one round after the other.
 *
 * @param values in the order in which they were taken; one at the least, and all of them numbers
 */
public record Samples(List<Double> values) {
    /** Checks them. */
    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        if (!values.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("not all that was measured are numbers: " + values);
        }
    }

    /** Of these values. */
    public static Samples of(double... values) {
        return new Samples(Arrays.stream(values).boxed().toList());
    }

    /** The one in the middle; of an even number of values, the mean of the two in the middle. */
    public double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest. */
    public double min() {
        return sorted()[0];
    }

    /** The largest. */
    public double max() {
        return sorted()[values.size() - 1];
    }

    /**
     * Each value divided by the other's of the same round: what disturbs the machine for a while disturbs both.
     *
     * @throws IllegalArgumentException if there are not as many of the others
     */
    public Samples dividedBy(Samples others) {
        if (others.values.size() != values.size()) {
            throw new IllegalArgumentException(
                    values.size() + " rounds cannot be compared with " + others.values.size());
        }
        double[] ratios = new double[values.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values.get(i) / others.values.get(i);
        }
        return of(ratios);
    }

    private double[] sorted() {
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
}
