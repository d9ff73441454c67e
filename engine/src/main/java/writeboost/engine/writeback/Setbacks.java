package writeboost.engine.writeback;

import org.jspecify.annotations.Nullable;

/** What went wrong with the backing device lately, and how long writeback rests because of it. The lock guards it. */
final class Setbacks {
    private static final long MIN_PAUSE_NS = 100_000_000;
    private static final long MAX_PAUSE_NS = 10_000_000_000L;

    /** After so many failed batches in a row those who wait for a flush are told. */
    private static final int FAILURES_TOLD = 3;

    /** Batches that failed, one after the other. */
    private int failures;
    /** Of these, those since somebody began to wait for a flush. */
    private int recent;
    /** Batches in a row of which most was refused. */
    private int refusals;

    /** Steps that only logged lost blocks anew, since one that moved data or made room. */
    private int inVain;

    private long failingSinceNs;
    private @Nullable String why;

    /** A batch failed. Returns how long to rest, in nanoseconds. */
    long failed(String newWhy, long nowNs) {
        failingSinceNs = failures == 0 ? nowNs : failingSinceNs;
        failures++;
        recent++;
        why = newWhy;
        return pauseNs(recent);
    }

    /** A batch did not fail. Returns how long to rest, in nanoseconds: 0 unless most of it was refused. */
    long succeeded(boolean mostlyRefused) {
        failures = 0;
        recent = 0;
        refusals = mostlyRefused ? refusals + 1 : 0;
        return refusals == 0 ? 0 : pauseNs(refusals);
    }

    /**
     * A step did not fail. Where most of a log is lost blocks, making room means to carry them round and round: that gains nothing, and
     * wears out the cache device.
     *
     * @param carried whether lost blocks were logged anew
     * @param gained whether there is more room than before, or data was moved
     * @return how long to rest, in nanoseconds
     */
    long stepped(boolean carried, boolean gained) {
        if (gained) {
            inVain = 0;
        } else if (carried) {
            inVain++;
        }
        return carried && !gained ? pauseNs(inVain) : 0;
    }

    private static long pauseNs(int times) {
        return Math.min(MAX_PAUSE_NS, MIN_PAUSE_NS << Math.min(times, 10));
    }

    /** Somebody begins to wait for a flush. */
    void flushBegins() {
        recent = 0;
    }

    /** Whether those who wait for a flush are to be told that it does not get on. */
    boolean isToBeTold() {
        return recent >= FAILURES_TOLD;
    }

    /** For how long batches have failed, in nanoseconds; 0 if the last one did not. */
    long failingNs(long nowNs) {
        return failures == 0 ? 0 : Math.max(1, nowNs - failingSinceNs);
    }

    /** Why the last batch failed; null if it did not. */
    @Nullable String why() {
        return failures == 0 ? null : why;
    }
}
