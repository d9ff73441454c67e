package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** What the engine is handed in a simulation: the tasks of one group. */
final class SimTasks implements Tasks {
    private static final long EPOCH_MS = 1_800_000_000_000L;

    private final SimScheduler scheduler;
    private final SimGroup group;

    SimTasks(SimScheduler scheduler, SimGroup group) {
        this.scheduler = scheduler;
        this.group = group;
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    @Override
    public long wallTimeMs() {
        return EPOCH_MS + scheduler.nanoTime() / 1_000_000;
    }

    @Override
    public Monitor newMonitor(String name) {
        return new SimMonitor(scheduler, name);
    }

    @Override
    public Task start(String name, Runnable body) {
        return scheduler.start(group, name, body);
    }

    @Override
    public void sleep(long durationNs) {
        scheduler.block("sleep", "", Math.max(1, durationNs));
    }

    /** A lock of simulated tasks. After its holder was killed it is of no use to anybody, and harms nobody. */
    static final class SimMonitor implements Monitor {
        private final SimScheduler scheduler;
        private final String name;
        private final List<SimTask> waiting = new ArrayList<>();
        private @Nullable SimTask owner;

        SimMonitor(SimScheduler scheduler, String name) {
            this.scheduler = scheduler;
            this.name = name;
        }

        @Override
        public void lock() {
            scheduler.checkAlive();
            if (owner == scheduler.current()) {
                throw new IllegalStateException("task " + owner + " takes lock " + name + " twice");
            }
            if (scheduler.chance(scheduler.policy().atLocks())) {
                scheduler.point("lock", name, 0, 0);
            }
            take();
        }

        private void take() {
            SimTask me = scheduler.current();
            while (owner != null) {
                waiting.add(me);
                scheduler.block("lock", name, SimTask.NO_DEADLINE);
                waiting.remove(me);
            }
            owner = me;
        }

        @Override
        public void unlock() {
            if (scheduler.dying()) {
                return;
            }
            release();
            if (scheduler.chance(scheduler.policy().atLocks())) {
                scheduler.point("unlock", name, 0, 0);
            }
        }

        private void release() {
            if (owner != scheduler.current()) {
                throw new IllegalStateException(
                        "task " + scheduler.current() + " gives back lock " + name + ", which " + owner + " holds");
            }
            owner = null;
            for (SimTask task : waiting) {
                scheduler.wake(task);
            }
        }

        @Override
        public boolean isHeld() {
            return scheduler.dying() || owner == scheduler.current();
        }

        @Override
        public Signal newSignal(String signalName) {
            return new SimSignal(this, name + "." + signalName);
        }
    }

    /** A condition of a {@link SimMonitor}. */
    private static final class SimSignal implements Monitor.Signal {
        private final SimMonitor monitor;
        private final String name;
        private final List<SimTask> waiting = new ArrayList<>();

        SimSignal(SimMonitor monitor, String name) {
            this.monitor = monitor;
            this.name = name;
        }

        @Override
        public void await() {
            await(SimTask.NO_DEADLINE);
        }

        @Override
        public void await(long timeoutNs) {
            SimScheduler scheduler = monitor.scheduler;
            scheduler.checkAlive();
            if (timeoutNs <= 0) {
                return;
            }
            monitor.release();
            SimTask me = scheduler.current();
            waiting.add(me);
            scheduler.block("await", name, timeoutNs);
            waiting.remove(me);
            monitor.take();
        }

        @Override
        public void raise() {
            if (mayRaise()) {
                waiting.forEach(monitor.scheduler::wake);
            }
        }

        @Override
        public void raiseOne() {
            if (mayRaise()) {
                waiting.stream()
                        .filter(task -> task.state == SimTask.State.BLOCKED)
                        .findFirst()
                        .ifPresent(monitor.scheduler::wake);
            }
        }

        private boolean mayRaise() {
            if (!monitor.scheduler.dying() && !monitor.isHeld()) {
                throw new IllegalStateException("signal " + name + " raised without its lock");
            }
            return !monitor.scheduler.dying();
        }
    }
}
