package writeboost.engine.inspect;

import java.util.List;

/**
 * What a rescue found.
 *
 * @param savedBytes intact data that was handed over
 * @param zeroedBytes ranges that were handed over as zeros
 * @param lost what waited and is not intact, by address; the disk keeps there what it has
 * @param goneChunks chunks of the log of which nothing is known any more: what they held, up to 127 blocks each, is lost, and
 *     where it belongs is not known; older data of the same blocks was handed over
 * @param refused what the taker did not take, by address
 */
public record RescueReport(
        long savedBytes, long zeroedBytes, List<Range> lost, List<Long> goneChunks, List<Range> refused) {
    /**
     * A range of the disk.
     *
     * @param why a few words
     */
    public record Range(long offsetBytes, long lengthBytes, String why) {}

    /** Whether everything that waited was intact, and was taken. */
    public boolean isComplete() {
        return lost.isEmpty() && goneChunks.isEmpty() && refused.isEmpty();
    }

    /** Bytes known to be lost. */
    public long lostBytes() {
        return lost.stream().mapToLong(Range::lengthBytes).sum();
    }
}
