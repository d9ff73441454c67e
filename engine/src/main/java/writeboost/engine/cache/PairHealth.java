package writeboost.engine.cache;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ReturningDevice;
import writeboost.engine.device.WatchedDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * How the two devices are: what a user should know besides the figures, and what happens when the disk goes and comes back.
 * Any thread.
 */
final class PairHealth implements ReturningDevice.Listener, ReturningDevice.Check {
    /** A device that has not answered for so long is told of: longer than a disk takes to spin up. */
    private static final long STALLED_NS = 15_000_000_000L;

    private static final long SECOND_NS = 1_000_000_000;

    /** Takes events for the user. */
    @FunctionalInterface
    interface Teller {
        void tell(EngineEvent.Severity severity, String what);
    }

    private final CacheState state;
    private final WatchedDevice cache;
    private final WatchedDevice backing;
    private final Teller teller;

    PairHealth(CacheState state, WatchedDevice cache, WatchedDevice backing, Teller teller) {
        this.state = state;
        this.cache = cache;
        this.backing = backing;
        this.teller = teller;
    }

    /** What keeps the pair from going on as it should, as a sentence; empty if nothing does. With the lock. */
    String trouble(int parkedWrites, @Nullable String migrationFailure) {
        if (state.diskAway) {
            return "The disk was unplugged; requests wait for it to come back.";
        }
        if (cache.stalledNs() >= STALLED_NS) {
            return "The SSD has not answered for " + cache.stalledNs() / SECOND_NS + " s.";
        }
        if (backing.stalledNs() >= STALLED_NS) {
            return "The disk has not answered for " + backing.stalledNs() / SECOND_NS + " s.";
        }
        if (migrationFailure != null) {
            return (parkedWrites > 0 ? "The cache is full, and writes wait: the" : "The")
                    + " disk does not take the data, which stays safe on the SSD. " + migrationFailure + ".";
        }
        long damaged = state.badBlocks + state.lostBlocks;
        if (damaged > 0) {
            return damaged + (damaged == 1 ? " block is" : " blocks are") + " damaged on the SSD"
                    + (state.lostBlocks > 0 ? "; what was lost reads as an error until it is overwritten." : ".");
        }
        return parkedWrites > 0 ? "The cache is full: writes wait for the disk." : "";
    }

    @Override
    public void left() {
        setAway(true, null);
        teller.tell(
                EngineEvent.Severity.WARNING,
                backing.name() + " was unplugged, or its bus fails. Requests wait for it to come back; what was being"
                        + " moved to it counts as not moved.");
    }

    @Override
    public void missing() {
        setAway(true, "the disk is missing. What waits is safe on the SSD; plug the disk in, and it goes on by itself");
        teller.tell(
                EngineEvent.Severity.ERROR,
                backing.name() + " is missing. Writes are refused now, so that programs notice; what they were told is"
                        + " safe stays safe on the SSD. Plug the disk in: the pair goes on by itself.");
    }

    @Override
    public void returned() {
        setAway(false, null);
        teller.tell(
                EngineEvent.Severity.INFO,
                backing.name() + " is back, and as it was left. What was being moved to it is moved again.");
    }

    @Override
    public void refused(String why) {
        setAway(false, why);
        teller.tell(EngineEvent.Severity.ERROR, why);
    }

    private void setAway(boolean away, @Nullable String missing) {
        state.lock.lock();
        state.diskAway = away;
        state.missing = missing;
        state.log.room().raise(); // parked writes are told
        state.lock.unlock();
    }

    /**
     * Whether a disk that came back is as it was left. What was being written when it left is not known to the fingerprint.
     */
    @Override
    public void judge(BlockDevice returned) throws IOException {
        Set<Long> changed = new TreeSet<>(state.log.changedBlocks(returned));
        state.lock.lock();
        CleanSample sample = CleanSample.of(state);
        state.lock.unlock();
        changed.addAll(sample.differing(returned, unreadable -> {}));
        if (!changed.isEmpty()) {
            throw new EngineException(
                    ErrorCode.CHANGED,
                    backing.name() + " came back, but was changed while it was away (" + changed.size()
                            + " blocks of those compared differ). Nothing is written to it. Stop the pair; what waits is"
                            + " safe on the SSD, and you decide what happens to it");
        }
    }
}
