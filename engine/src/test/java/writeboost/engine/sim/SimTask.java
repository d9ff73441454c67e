package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Tasks;

/**
 * A task of the simulation, on a thread that runs only while the task holds the baton. All fields but the baton belong to whoever
 * holds a baton; handing it over publishes them.
 */
final class SimTask implements Tasks.Task {
    /** What a task is doing. */
    enum State {
        RUNNABLE,
        BLOCKED,
        ENDED
    }

    static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Thrown from every scheduling point of a killed task. Private to the simulation: nothing else may catch it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("this task was killed by the simulation", null, false, false);
        }
    }

    final int id;
    final String name;
    final SimGroup group;
    final List<SimTask> joiners = new ArrayList<>();
    State state = State.RUNNABLE;
    /** What it waits for, while blocked. */
    String waitsFor = "";
    /** What it last did or does at a device. */
    String where = "";

    long deadlineNs = NO_DEADLINE;
    boolean timedOut;
    boolean started;
    int priority;
    int killedThrown;

    /** The one that runs it, once it has begun. */
    @Nullable Thread thread;

    private final SimScheduler scheduler;
    private final @Nullable Runnable body;
    private volatile boolean baton;

    SimTask(SimScheduler scheduler, int id, String name, SimGroup group, Runnable body) {
        this.scheduler = scheduler;
        this.id = id;
        this.name = name;
        this.group = group;
        this.body = body;
    }

    /** The task that the calling thread itself becomes. */
    SimTask(SimScheduler scheduler, String name, SimGroup group) {
        this.scheduler = scheduler;
        this.id = 0;
        this.name = name;
        this.group = group;
        this.body = null;
        this.thread = Thread.currentThread();
        this.started = true;
    }

    /** Gives this task the baton. */
    void resume() {
        baton = true;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            scheduler.threads().execute(this::begin);
        }
    }

    private void begin() {
        Thread me = Thread.currentThread();
        me.setName(name);
        thread = me;
        scheduler.runTask(this, Objects.requireNonNull(body));
    }

    /** Where it stands in the code. */
    StackTraceElement[] stack() {
        Thread running = thread;
        return running == null ? new StackTraceElement[0] : running.getStackTrace();
    }

    /** Waits for the baton. */
    void awaitBaton() {
        while (!baton) {
            LockSupport.park(this);
            if (scheduler.abandoned()) {
                throw new Killed();
            }
        }
        baton = false;
    }

    @Override
    public boolean join(long timeoutNs) {
        return scheduler.join(this, timeoutNs);
    }

    @Override
    public String toString() {
        return name;
    }
}
