package writeboost.engine.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The openings of a log and the first seq of each. A chunk is <i>void</i> if a later incarnation began at or before its
 * seq: what an earlier replay discarded must never come back.
 *
 * <p>Not thread-safe; the log's lock guards the one of a running log.
 */
final class Incarnations {
    private final TreeMap<Long, Long> firstSeqs = new TreeMap<>();
    private List<Map.Entry<Long, Long>> ordered = List.of();

    void add(long number, long firstSeq) {
        firstSeqs.put(number, firstSeq);
        ordered = new ArrayList<>(firstSeqs.entrySet());
    }

    void addAll(Incarnations other) {
        firstSeqs.putAll(other.firstSeqs);
        ordered = new ArrayList<>(firstSeqs.entrySet());
    }

    int size() {
        return ordered.size();
    }

    long number(int i) {
        return ordered.get(i).getKey();
    }

    long firstSeq(int i) {
        return ordered.get(i).getValue();
    }

    boolean voids(long incarnation, long seq) {
        for (long first : firstSeqs.tailMap(incarnation, false).values()) {
            if (first <= seq) {
                return true;
            }
        }
        return false;
    }

    /** Those that still matter when replay starts at {@code oldest}. */
    Incarnations above(long oldest) {
        Incarnations kept = new Incarnations();
        for (int i = 0; i < size(); i++) {
            boolean successorBeganBefore = i + 1 < size() && firstSeq(i + 1) <= oldest;
            boolean sameAsSuccessor = i + 1 < size() && firstSeq(i + 1) == firstSeq(i);
            if (!successorBeganBefore && !sameAsSuccessor) {
                kept.firstSeqs.put(number(i), firstSeq(i));
            }
        }
        kept.ordered = new ArrayList<>(kept.firstSeqs.entrySet());
        return kept;
    }
}
