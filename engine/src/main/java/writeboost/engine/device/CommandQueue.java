package writeboost.engine.device;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Those that wait for a modelled disk: each for its command's turn, then for its end. The {@link Elevator} says who is next,
 * the {@link Spindle} when that one ends. Both are asked in the disk's own time, so a thread that wakes up late makes the disk
 * no slower: what would have happened meanwhile is made up for, in the order in which it would have happened.
 *
 * <p>The queue has no thread of its own. Whoever comes by lets the disk take what it would have taken by now; the one that must
 * come by when a command ends is the owner of that command, since it waits for the same instant. A flush that is under way while
 * its owner is still busy elsewhere, or has failed there, is looked after by one that waits for its turn.
 *
 * <ol>
 *   <li>One command is under way at a time, and its end never changes once it is known.
 *   <li>While a command waits, the one that is under way has not ended, or somebody is about to look.
 *   <li>If an attended command waits, then either the one that is under way is attended, or one of those that wait sleeps
 *       no longer than until its end, or has been woken to do so.
 * </ol>
 */
final class CommandQueue {
    private final Tasks tasks;
    private final Monitor monitor;
    // The rest is guarded by the monitor.
    private final Spindle spindle;
    private final Elevator elevator = new Elevator();
    private final ArrayDeque<Monitor.Signal> idleSignals = new ArrayDeque<>();
    /** The last one that the disk took. */
    private @Nullable Command underWay;

    CommandQueue(Spindle spindle, Tasks tasks, String diskName) {
        this.spindle = spindle;
        this.tasks = tasks;
        this.monitor = tasks.newMonitor("head of " + diskName);
    }

    /** Adds a command, which takes its turn whether or not anybody {@linkplain #await waits} for it. */
    void add(Command command) {
        monitor.lock();
        try {
            elevator.add(command);
            proceed();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until the end of a command that was added. */
    void await(Command command) {
        try {
            sleepUntil(awaitTurn(command));
        } finally {
            leave(command);
        }
    }

    /** Tells when it will end. */
    private long awaitTurn(Command command) {
        monitor.lock();
        try {
            command.attended = true;
            proceed();
            while (!command.taken) {
                awaitNews(command);
                proceed();
            }
            return command.endNs;
        } finally {
            monitor.unlock();
        }
    }

    private void awaitNews(Command command) {
        if (underWay == null || underWay.attended) {
            turnOf(command).await();
            return;
        }
        long endNs = underWay.endNs;
        monitor.unlock();
        try {
            sleepUntil(endNs); // nothing changes before: not even a more urgent command would be taken
        } finally {
            monitor.lock();
        }
    }

    /** Its owner goes, usually because the command has ended: the next one's turn. */
    private void leave(Command command) {
        monitor.lock();
        try {
            command.attended = false;
            if (command.turn != null) {
                idleSignals.push(command.turn);
                command.turn = null;
            }
            proceed();
        } finally {
            monitor.unlock();
        }
    }

    /** Lets the disk take what it would have taken by now, and sees to it that somebody is there at the end of it. */
    private void proceed() {
        long nowNs = tasks.nanoTime();
        while (!elevator.isEmpty() && spindle.freeNs() <= nowNs) {
            Command next = elevator.next(spindle.freeNs());
            next.endNs = endNs(next);
            next.taken = true;
            underWay = next;
            wake(next);
        }
        if (underWay != null && !underWay.attended) {
            wakeOneThatWaits();
        }
    }

    private long endNs(Command command) {
        return switch (command.kind) {
            case READ -> spindle.read(command.arrivedNs, command.offsetBytes, command.lengthBytes);
            case WRITE -> spindle.write(command.arrivedNs, command.offsetBytes, command.lengthBytes);
            case FLUSH -> spindle.flush(command.arrivedNs);
        };
    }

    private void wakeOneThatWaits() {
        for (Command command : elevator.waiting()) {
            if (command.attended) {
                wake(command);
                return;
            }
        }
    }

    private static void wake(Command command) {
        if (command.turn != null) {
            command.turn.raise();
        }
    }

    private Monitor.Signal turnOf(Command command) {
        if (command.turn == null) {
            command.turn = idleSignals.isEmpty() ? monitor.newSignal("turn") : idleSignals.pop();
        }
        return command.turn;
    }

    private void sleepUntil(long endNs) {
        long leftNs = endNs - tasks.nanoTime();
        if (leftNs > 0) {
            tasks.sleep(leftNs);
        }
    }
}
