package writeboost.engine.cache;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.RecheckedDevice;
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

    /**
     * What is wrong.
     *
     * @param what for the user: completes the sentence of a state that is itself a fault, else a sentence; empty if nothing is
     * @param advice the one thing to do about it, as a sentence; empty if there is none
     */
    record Trouble(String what, String advice) {
        static final Trouble NONE = new Trouble("", "");
    }

    /** What is wrong with a pair in a state. With the lock. */
    Trouble trouble(PairState pairState, int parkedWrites, @Nullable String migrationFailure) {
        return switch (pairState) {
            case STOPPED -> Trouble.NONE;
            case HALTED -> halted();
            case DEGRADED ->
                new Trouble(
                        String.valueOf(state.log.broken()),
                        "Stop the pair and start it again. If the SSD still refuses, rescue what waits on it.");
            case DIRTY, CLEAN -> hindrance(parkedWrites, migrationFailure);
        };
    }

    private Trouble halted() {
        String internal = state.halted;
        if (internal != null) {
            return new Trouble(internal, "Stop the pair and start it again; please report this, with the log.");
        }
        return state.diskAway
                ? new Trouble("the disk is missing", "Plug the disk in: the pair goes on by itself.")
                : new Trouble(
                        String.valueOf(state.missing),
                        "Stop the pair. Then you decide what happens to the data that waits on the SSD.");
    }

    private Trouble hindrance(int parkedWrites, @Nullable String migrationFailure) {
        if (state.diskAway) {
            return new Trouble("The disk was unplugged; requests wait for it.", "Plug the disk in again.");
        }
        if (cache.stalledNs() >= STALLED_NS) {
            return stalled("SSD", cache);
        }
        if (backing.stalledNs() >= STALLED_NS) {
            return stalled("disk", backing);
        }
        if (migrationFailure != null) {
            String full = parkedWrites > 0 ? " The cache is full, and writes wait." : "";
            return new Trouble(
                    "The disk does not take the data, which stays safe on the SSD." + full + " " + migrationFailure
                            + ".",
                    "Look at the cable and at the health of the disk; it is tried again by itself.");
        }
        long damaged = state.badBlocks + state.lostBlocks;
        if (damaged > 0) {
            String lost = state.lostBlocks > 0 ? "; what was lost reads as an error until it is overwritten." : ".";
            return new Trouble(
                    damaged + (damaged == 1 ? " block is" : " blocks are") + " damaged on the SSD" + lost,
                    "Look at the health of the SSD; `verify` names the places.");
        }
        return parkedWrites > 0
                ? new Trouble("The cache is full: writes wait for the disk.", "Nothing needs to be done.")
                : Trouble.NONE;
    }

    private static Trouble stalled(String which, WatchedDevice device) {
        return new Trouble(
                "The " + which + " has not answered for " + device.stalledNs() / SECOND_NS + " s.",
                "Wait a little; then look at its cable.");
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
        setAway(true, "the disk is missing");
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
        requireUnchanged(returned, "came back, but was changed while it was away");
    }

    /** Whether the disk is as it was before the machine was suspended. */
    void judgeAfterSuspend(BlockDevice disk) throws IOException {
        requireUnchanged(disk, "was changed while the machine was suspended");
    }

    private void requireUnchanged(BlockDevice disk, String how) throws IOException {
        Set<Long> changed = new TreeSet<>(state.log.changedBlocks(disk));
        state.lock.lock();
        CleanSample sample = CleanSample.of(state);
        state.lock.unlock();
        changed.addAll(sample.differing(disk, unreadable -> {}));
        if (!changed.isEmpty()) {
            throw new EngineException(
                    ErrorCode.CHANGED,
                    backing.name() + " " + how + " (" + changed.size()
                            + " blocks of those compared differ). Nothing is written to it; what waits is safe on the SSD");
        }
    }

    /** Whether the cache device holds the log as it was before the machine was suspended. */
    void judgeCacheAfterSuspend(BlockDevice device) throws IOException {
        if (!state.log.isTheOneOn(device)) {
            throw new EngineException(
                    ErrorCode.CHANGED,
                    cache.name() + " was changed while the machine was suspended: it holds another cache, or was opened"
                            + " elsewhere. Nothing is written to it any more. Stop the pair, and look which device it is");
        }
    }

    /** Tells what comes of looking at the disk, or at the cache device, after a suspend. */
    RecheckedDevice.Listener suspendOf(boolean disk) {
        return new RecheckedDevice.Listener() {
            @Override
            public void asItWas(BlockDevice device, long suspendedNs) {
                teller.tell(
                        EngineEvent.Severity.INFO,
                        "The machine was suspended for " + suspendedNs / SECOND_NS + " s; " + device.name()
                                + " is as it was left.");
            }

            @Override
            public void changed(String why) {
                if (disk) {
                    refused(why);
                } else {
                    teller.tell(EngineEvent.Severity.ERROR, why + ".");
                }
            }
        };
    }
}
