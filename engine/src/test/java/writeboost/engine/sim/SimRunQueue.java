package writeboost.engine.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tasks that could run, and the choice among them. */
final class SimRunQueue {
    private final SimRandom random;
    private SimPolicy policy = SimPolicy.UNIFORM;
    private SimTask[] runnable = new SimTask[16];
    private int count;
    private @Nullable SimTask stalled;
    private long stalledUntil;

    SimRunQueue(SimRandom random) {
        this.random = random;
    }

    SimPolicy policy() {
        return policy;
    }

    void policy(SimPolicy newPolicy) {
        this.policy = newPolicy;
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isStalled(SimTask task) {
        return task == stalled;
    }

    void forgetStalled() {
        stalled = null;
    }

    void add(SimTask task) {
        if (count == runnable.length) {
            runnable = Arrays.copyOf(runnable, 2 * count);
        }
        runnable[count++] = task;
    }

    void remove(SimTask task) {
        for (int i = 0; i < count; i++) {
            if (runnable[i] == task) {
                runnable[i] = runnable[--count];
                return;
            }
        }
    }

    /** Who runs next; not empty. {@code me}, if given, could go on. */
    SimTask choose(@Nullable SimTask me, long step) {
        if (me != null && random.chance(policy.stick()) && me != stalled) {
            return me;
        }
        if (stalled != null && step > stalledUntil) {
            stalled = null;
        }
        if (stalled == null && random.chance(policy.stall())) {
            stalled = runnable[random.below(count)];
            stalledUntil = step + 1 + random.below(policy.stallPoints());
        }
        if (policy.byPriority()) {
            return highest();
        }
        SimTask task = runnable[random.below(count)];
        while (task == stalled && count > 1) {
            task = runnable[random.below(count)];
        }
        return task;
    }

    private SimTask highest() {
        if (random.chance(0.02)) {
            runnable[random.below(count)].priority = random.below(1 << 20);
        }
        SimTask best = runnable[0];
        for (int i = 1; i < count; i++) {
            SimTask task = runnable[i];
            if (best == stalled || (task != stalled && task.priority > best.priority)) {
                best = task;
            }
        }
        // A task that waits by yielding must not keep the others out for ever.
        best.priority -= 1 << 12;
        return best;
    }
}
