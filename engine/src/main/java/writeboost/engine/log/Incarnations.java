package writeboost.engine.log;

import java.util.Arrays;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The openings of a log and the first seq of each. A chunk is <i>void</i> if a later incarnation began at or before its
 * seq: what an earlier replay discarded must never come back.
 *
 * <p>Not thread-safe; the log's lock guards the one of a running log.
 */
final class Incarnations {
    private final TreeMap<Long, Long> firstSeqs = new TreeMap<>();
    private long[] numbers = new long[0];

    /** By index: the least first seq of this incarnation and the later ones. */
    private long[] leastFrom = new long[0];

    private boolean arranged = true;

    void add(long number, long firstSeq) {
        Long before = firstSeqs.put(number, firstSeq);
        arranged &= before != null && before == firstSeq;
    }

    void addAll(Incarnations other) {
        firstSeqs.putAll(other.firstSeqs);
        arranged = false;
    }

    private void arrange() {
        if (arranged) {
            return;
        }
        arranged = true;
        numbers = firstSeqs.keySet().stream().mapToLong(Long::longValue).toArray();
        leastFrom = firstSeqs.values().stream().mapToLong(Long::longValue).toArray();
        for (int i = leastFrom.length - 2; i >= 0; i--) {
            leastFrom[i] = Math.min(leastFrom[i], leastFrom[i + 1]);
        }
    }

    int size() {
        return firstSeqs.size();
    }

    long number(int i) {
        arrange();
        return numbers[i];
    }

    long firstSeq(int i) {
        return Objects.requireNonNull(firstSeqs.get(number(i)));
    }

    boolean voids(long incarnation, long seq) {
        arrange();
        int i = Arrays.binarySearch(numbers, incarnation);
        int later = i < 0 ? -i - 1 : i + 1;
        return later < leastFrom.length && leastFrom[later] <= seq;
    }

    /** Those that still matter when replay starts at {@code oldest}; these themselves if all do. */
    Incarnations above(long oldest) {
        int n = size();
        int mattering = 0;
        for (int i = 0; i < n; i++) {
            mattering += matters(i, oldest) ? 1 : 0;
        }
        if (mattering == n) {
            return this;
        }
        Incarnations kept = new Incarnations();
        for (int i = 0; i < n; i++) {
            if (matters(i, oldest)) {
                kept.firstSeqs.put(number(i), firstSeq(i));
            }
        }
        kept.arranged = false;
        return kept;
    }

    private boolean matters(int i, long oldest) {
        if (i + 1 == size()) {
            return true;
        }
        long successorsFirst = firstSeq(i + 1);
        return successorsFirst > oldest && successorsFirst != firstSeq(i);
    }
}
