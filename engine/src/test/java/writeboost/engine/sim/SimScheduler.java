package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, in an order that one seed decides.
 *
 * <p>Every task has a platform thread, and exactly one of them, the holder of the baton, runs. It gives the baton away
 * only at scheduling points: {@link #point} (it could go on) and {@link #block} (it waits). So all state of a simulation
 * is touched by one thread at a time, and what happens depends on the seed alone.
 *
 * <p>The first task is the thread that called {@link #run}: the driver. It can be interrupted ({@link #interruptAfter}): it
 * then runs next, while every other task stands at a scheduling point. That is the instant of a power cut.
 *
 * <p>Time is virtual. It passes by the time that devices take, and, when nobody can run, to the next timeout.
 *
 * <p>A killed group ({@link #kill}) unwinds: each of its tasks gets the baton once more, has {@link SimTask.Killed}
 * thrown from the scheduling point at which it stands and from every later one, and so ends, running its finally blocks
 * on the way. Giving a lock back is then silent.
 */
final class SimScheduler {
    /** A task that runs into this many scheduling points after it was killed does not let itself be killed. */
    private static final int MAX_KILLED_THROWN = 1000;

    /** Threads of tasks that have ended serve others: to start one costs more than most tasks do. */
    private final ExecutorService threads = Executors.newCachedThreadPool(SimScheduler::newThread);

    private final SimTrace trace = new SimTrace();
    private final SimRandom random;
    private final SimGroup driverGroup = new SimGroup("driver");
    private final SimTask driver;
    private final List<SimTask> tasks = new ArrayList<>();
    private final SimRunQueue queue;
    private SimTask current;
    private int nextId;
    private long clockNs;
    private long steps;
    private long budget = Long.MAX_VALUE;
    private long interruptAt = Long.MAX_VALUE;
    private boolean interrupted;
    private boolean unwinding;
    private long switches;
    private @Nullable Throwable failure;
    private volatile boolean abandoned;

    SimScheduler(long seed) {
        this.random = new SimRandom(seed);
        this.queue = new SimRunQueue(random);
        this.driver = new SimTask(this, "driver", driverGroup);
        this.current = driver;
        this.nextId = 1;
        tasks.add(driver);
        queue.add(driver);
    }

    /** Another order for each number; 0 is the seed's own. */
    void salt(int salt) {
        for (int i = 0; i < salt; i++) {
            random.nextLong();
        }
    }

    SimTrace trace() {
        return trace;
    }

    long nanoTime() {
        return clockNs;
    }

    long steps() {
        return steps;
    }

    long switches() {
        return switches;
    }

    SimTask current() {
        return current;
    }

    boolean abandoned() {
        return abandoned;
    }

    void policy(SimPolicy newPolicy) {
        queue.policy(newPolicy);
        for (SimTask task : tasks) {
            task.priority = random.below(1 << 20);
        }
    }

    SimPolicy policy() {
        return queue.policy();
    }

    boolean chance(double probability) {
        return random.chance(probability);
    }

    /** Lets time pass, without a scheduling point. */
    void advance(long ns) {
        clockNs += ns;
    }

    /** Runs {@code body} as the driver, on the calling thread; on return no task is left. */
    void run(Runnable body) {
        try (SimWatchdog dog = new SimWatchdog(() -> steps, this::giveUp)) {
            try {
                body.run();
            } finally {
                for (SimGroup group : groups()) {
                    kill(group);
                }
                threads.shutdown();
            }
        } catch (Throwable t) {
            Throwable first = failure == null ? t : failure;
            if (abandoned) {
                throw new SimFailure("task " + current + " hangs outside the simulation:" + SimDump.stack(current), t);
            }
            throw first instanceof Error e ? e : new SimFailure("the driver failed", first);
        }
        if (failure != null) {
            throw failure instanceof Error e ? e : new SimFailure("a task failed", failure);
        }
    }

    private List<SimGroup> groups() {
        return tasks.stream()
                .map(t -> t.group)
                .filter(g -> g != driverGroup)
                .distinct()
                .toList();
    }

    SimTask start(SimGroup group, String name, Runnable body) {
        checkAlive(current);
        SimTask task = new SimTask(this, nextId++, name, group, body);
        task.priority = random.below(1 << 20);
        if (group.dead) {
            throw new IllegalStateException("task " + name + " started in a dead group");
        }
        tasks.add(task);
        group.tasks.add(task);
        queue.add(task);
        trace.add(steps, current.name, current.id, "start", name, task.id, 0);
        return task;
    }

    /** A scheduling point: the calling task could go on, but another one may run first. */
    void point(String what, String where, long first, long second) {
        SimTask me = enter(what, where, first, second);
        me.where = what;
        switchTo(next(me));
        checkAlive(me);
    }

    /**
     * A scheduling point: the calling task waits until it is woken or its time has come.
     *
     * @return whether it was woken, rather than timed out
     */
    boolean block(String what, String where, long timeoutNs) {
        SimTask me = enter(what, where, timeoutNs, 0);
        if (timeoutNs <= 0) {
            return false;
        }
        me.waitsFor = where.isEmpty() ? what : what + " " + where;
        me.timedOut = false;
        me.deadlineNs = timeoutNs >= SimTask.NO_DEADLINE - clockNs ? SimTask.NO_DEADLINE : clockNs + timeoutNs;
        me.state = SimTask.State.BLOCKED;
        queue.remove(me);
        if (random.chance(queue.policy().spurious()) && me != driver && what.equals("await")) {
            wake(me);
        }
        switchTo(next(null));
        checkAlive(me);
        return !me.timedOut;
    }

    private SimTask enter(String what, String where, long first, long second) {
        SimTask me = current;
        if (Thread.currentThread() != me.thread) {
            throw new IllegalStateException("thread " + Thread.currentThread() + " is none of the simulation's tasks");
        }
        checkAlive(me);
        steps++;
        trace.add(steps, me.name, me.id, what, where, first, second);
        if (steps > budget) {
            fail(new SimFailure("no end in sight: the step budget is used up" + dump()));
        }
        return me;
    }

    /** Makes a blocked task runnable; anything else is left as it is. Not a scheduling point. */
    void wake(SimTask task) {
        if (task.state == SimTask.State.BLOCKED) {
            task.state = SimTask.State.RUNNABLE;
            task.deadlineNs = SimTask.NO_DEADLINE;
            queue.add(task);
        }
    }

    boolean join(SimTask task, long timeoutNs) {
        long end = timeoutNs >= SimTask.NO_DEADLINE - clockNs ? SimTask.NO_DEADLINE : clockNs + timeoutNs;
        while (task.state != SimTask.State.ENDED) {
            long left = end == SimTask.NO_DEADLINE ? end : end - clockNs;
            task.joiners.add(current);
            boolean woken = block("join", task.name, left);
            task.joiners.remove(current);
            if (!woken && task.state != SimTask.State.ENDED) {
                return false;
            }
        }
        return true;
    }

    /** Whether the current task was killed: it must not have any effect any more. */
    boolean dying() {
        return current.group.dead;
    }

    /** Throws if the task was killed. */
    private void checkAlive(SimTask me) {
        if (me == driver) {
            if (failure != null && !unwinding) {
                throw new SimTask.Killed();
            }
            return;
        }
        if (me.group.dead) {
            if (++me.killedThrown > MAX_KILLED_THROWN) {
                noteFailure(new SimFailure("task " + me.name + " goes on although it was killed"));
                // Without the baton it can do no more harm; its thread is left behind.
                end(me);
                while (true) {
                    LockSupport.park(this);
                }
            }
            throw new SimTask.Killed();
        }
    }

    void checkAlive() {
        checkAlive(current);
    }

    // ---- the driver ----

    /** The driver waits until {@code done}, or until it is interrupted; others must {@link #wakeDriver} it. */
    boolean driverWaits(String what, BooleanSupplier done, long stepBudget) {
        budget = steps + stepBudget;
        interrupted = false;
        while (!done.getAsBoolean() && !interrupted) {
            block("drive", what, SimTask.NO_DEADLINE);
        }
        budget = Long.MAX_VALUE;
        return interrupted;
    }

    void wakeDriver() {
        wake(driver);
    }

    /** The driver is interrupted when this many more scheduling points have passed. */
    void interruptAfter(long points) {
        interruptAt = steps + points;
    }

    /** The driver is not interrupted after all. */
    void dontInterrupt() {
        interruptAt = Long.MAX_VALUE;
    }

    /** Kills every task of a group. Only the driver may call. */
    void kill(SimGroup group) {
        group.dead = true;
        unwinding = true;
        for (SimTask task : List.copyOf(group.tasks)) {
            if (task.state != SimTask.State.ENDED) {
                if (task.started) {
                    switchTo(task);
                }
                if (task.state != SimTask.State.ENDED) {
                    task.state = SimTask.State.ENDED;
                }
            }
            queue.remove(task);
        }
        unwinding = false;
        tasks.removeIf(t -> t.group == group);
        queue.forgetStalled();
    }

    /** Ends the run as failed. Any task may call; does not return. */
    void fail(Throwable what) {
        noteFailure(what);
        if (current == driver) {
            throw new SimTask.Killed();
        }
        SimTask me = current;
        wake(driver);
        switchTo(driver);
        checkAlive(me);
        throw new SimTask.Killed();
    }

    private void noteFailure(Throwable what) {
        if (failure == null) {
            failure = what;
        }
    }

    // ---- threads ----

    private static Thread newThread(Runnable body) {
        Thread thread = new Thread(null, body, "sim", 1 << 18);
        thread.setDaemon(true);
        return thread;
    }

    Executor threads() {
        return threads;
    }

    /** What the thread of a task does. */
    void runTask(SimTask me, Runnable body) {
        try {
            me.awaitBaton();
            if (!me.group.dead) {
                body.run();
            }
        } catch (SimTask.Killed e) {
            if (!me.group.dead && failure == null) {
                noteFailure(new SimFailure("task " + me.name + " ended as if killed", e));
            }
        } catch (Throwable t) {
            if (!me.group.dead) {
                noteFailure(t instanceof SimFailure ? t : new SimFailure("task " + me.name + " ended with " + t, t));
            }
        }
        if (!abandoned) {
            end(me);
        }
    }

    /** The last act of a task: gives the baton away for good. */
    private void end(SimTask me) {
        trace.add(steps, me.name, me.id, "end", "", 0, 0);
        me.state = SimTask.State.ENDED;
        queue.remove(me);
        for (SimTask joiner : me.joiners) {
            wake(joiner);
        }
        me.group.tasks.remove(me);
        SimTask to;
        if (unwinding || failure != null) {
            wake(driver);
            to = driver;
        } else {
            tasks.remove(me);
            to = next(null);
        }
        current = to;
        to.resume();
    }

    private void switchTo(SimTask to) {
        SimTask me = current;
        if (to != me) {
            switches++;
            current = to;
            to.resume();
            me.awaitBaton();
        }
    }

    // ---- the choice ----

    /** Who runs next; {@code me}, if given, could go on. */
    private SimTask next(@Nullable SimTask me) {
        if (steps >= interruptAt && current != driver) {
            interruptAt = Long.MAX_VALUE;
            interrupted = true;
            wake(driver);
            return driver;
        }
        if (queue.isEmpty() || random.chance(queue.policy().jump())) {
            timePasses();
        }
        if (queue.isEmpty()) {
            noteFailure(new SimFailure("deadlock: nobody can run, and nobody waits for a time" + dump()));
            wake(driver);
            return driver;
        }
        return queue.choose(me, steps);
    }

    private void timePasses() {
        long first = SimTask.NO_DEADLINE;
        for (SimTask task : tasks) {
            if (task.state == SimTask.State.BLOCKED) {
                first = Math.min(first, task.deadlineNs);
            }
        }
        if (first == SimTask.NO_DEADLINE) {
            return;
        }
        clockNs = Math.max(clockNs, first);
        for (SimTask task : tasks) {
            if (task.state == SimTask.State.BLOCKED && task.deadlineNs <= clockNs) {
                wake(task);
                task.timedOut = true;
            }
        }
    }

    private String dump() {
        return SimDump.of(tasks, queue::isStalled);
    }

    private void giveUp() {
        abandoned = true;
        LockSupport.unpark(driver.thread);
    }
}
