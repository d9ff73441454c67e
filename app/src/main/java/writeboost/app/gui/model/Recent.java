package writeboost.app.gui.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import writeboost.app.control.PairStatus;

/**
 * Rates, from the counters of the last few seconds. Formulas: bytes a second = growth of the counter / time between the
 * oldest and the newest figures kept; hit rate = hits / (hits + misses), growth of both.
 *
 * <p>Used by one thread.
 */
final class Recent {
    /** Long enough that a batch of writeback now and then does not make the figures jump. */
    private static final long WINDOW_NS = 3_000_000_000L;

    private static final long LATELY_NS = 1_100_000_000L;

    private record Sample(long timeNs, PairStatus status) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    void add(long nowNs, PairStatus status) {
        Sample last = samples.peekLast();
        if (last != null
                && (last.status.snapshotId() > status.snapshotId()
                        || !last.status.name().equals(status.name()))) {
            samples.clear(); // it was opened anew, or is another pair
        }
        samples.addLast(new Sample(nowNs, status));
        while (samples.size() > 2 && nowNs - samples.getFirst().timeNs > WINDOW_NS) {
            samples.removeFirst();
        }
    }

    void clear() {
        samples.clear();
    }

    /** Whether programs have written lately: within a second, not within the time that rates are taken over. */
    boolean isComingIn() {
        return grewLately(PairStatus::userBytesWritten);
    }

    /** Whether programs have read lately. */
    boolean isGoingOut() {
        return grewLately(PairStatus::userBytesRead);
    }

    private boolean grewLately(Counter counter) {
        Sample last = samples.peekLast();
        return last != null
                && samples.stream()
                        .filter(sample -> last.timeNs - sample.timeNs <= LATELY_NS)
                        .anyMatch(sample -> counter.of(sample.status) < counter.of(last.status));
    }

    /** Bytes a second that programs read. */
    double goingOut() {
        return rate(PairStatus::userBytesRead);
    }

    /** Bytes a second that programs write. */
    double comingIn() {
        return rate(PairStatus::userBytesWritten);
    }

    /** Bytes a second that writeback moves to the disk. */
    double movingToDisk() {
        return rate(PairStatus::backingBytesWrittenByMigration);
    }

    /** Of the blocks read, how many came from RAM or the SSD; empty if nothing was read. */
    OptionalDouble hitRate() {
        double hits = rate(PairStatus::readHits);
        double all = hits + rate(PairStatus::readMisses);
        return all > 0 ? OptionalDouble.of(hits / all) : OptionalDouble.empty();
    }

    private interface Counter {
        long of(PairStatus status);
    }

    private double rate(Counter counter) {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        if (first == null || last == null || last.timeNs <= first.timeNs) {
            return 0;
        }
        long grown = counter.of(last.status) - counter.of(first.status);
        return Math.max(0, grown) * 1e9 / (last.timeNs - first.timeNs);
    }
}
