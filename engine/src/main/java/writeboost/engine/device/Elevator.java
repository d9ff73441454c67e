package writeboost.engine.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import writeboost.engine.error.Invariant;

/**
 * Which of the commands that wait for a modelled disk is next: sorted as the block layer of the kernel sorts them before a
 * rotating disk sees them. The scheduler is mq-deadline (Documentation/block/deadline-iosched.rst of the kernel), which is
 * Debian's for such disks: reads in ascending order from where the last one ended, those that have waited too long first.
 *
 * <p>As there, reads that have waited too long are looked for between two batches only. If each of them went first at once, a
 * disk with more waiting reads than it serves in that time would end up serving all in the order in which they came, and so
 * get slower the more are in flight: 64 random reads got no more out of it than one.
 *
 * <p>It is plainer than mq-deadline in three respects. Writes keep their order, for the disk's own cache takes them at the
 * speed of the cable, and reads do not overtake them. Who is last in the sweep is followed by the lowest, where the kernel
 * takes the oldest. Nothing is merged.
 *
 * <ol>
 *   <li>What is no read is overtaken by nothing that was added after it, and overtakes nothing.
 *   <li>Once a read has waited longer than {@link #READ_EXPIRE_NS}, it waits only for what is no read and was added before it, for
 *       the rest of a batch, and for reads older than itself, with a batch each.
 *   <li>What arrived after the disk became free is not preferred to what waited then, and of such, the first is first: when
 *       the question is asked makes no difference to the answer.
 * </ol>
 *
 * <p>It has no clock and waits for nothing. Not thread-safe.
 */
final class Elevator {
    /** mq-deadline's read_expire, as the kernel comes. */
    static final long READ_EXPIRE_NS = 500_000_000;

    /** mq-deadline's fifo_batch, as the kernel comes: so many reads in ascending order before the clock is looked at. */
    static final int BATCH = 16;

    // The smaller, the earlier.
    private static final int EXPIRED = 0;
    private static final int AHEAD = 1;
    private static final int EXPIRED_BEHIND = 2;
    private static final int BEHIND = 3;
    private static final int TO_COME = 4;

    private final ArrayList<Command> waiting = new ArrayList<>(); // in the order in which they were added
    private final List<Command> view = Collections.unmodifiableList(waiting);
    /** Where the last read ended; as in the kernel, writes between two reads do not change where the sweep goes on. */
    private long sweptToByte;
    /** How many reads of the batch have been taken. */
    private int batched;

    void add(Command command) {
        waiting.add(command);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** All that wait, in the order in which they were added. */
    List<Command> waiting() {
        return view;
    }

    /**
     * Takes the next command out; there must be one.
     *
     * @param freeNs when the command before it ended, or will
     */
    Command next(long freeNs) {
        Invariant.check(!waiting.isEmpty(), "a command waits");
        int best = 0;
        for (int i = 0; i < waiting.size() && waiting.get(i).kind == Command.Kind.READ; i++) {
            if (precedes(waiting.get(i), waiting.get(best), freeNs)) {
                best = i;
            }
        }
        Command next = waiting.remove(best);
        note(next, freeNs);
        return next;
    }

    private void note(Command next, long freeNs) {
        if (next.kind != Command.Kind.READ) {
            batched = BATCH;
            return;
        }
        boolean goesOn = batched < BATCH && group(next, freeNs) == AHEAD;
        batched = goesOn ? batched + 1 : 1;
        sweptToByte = next.toByte();
    }

    private boolean precedes(Command one, Command other, long freeNs) {
        int group = group(one, freeNs);
        int otherGroup = group(other, freeNs);
        if (group != otherGroup) {
            return group < otherGroup;
        }
        boolean byPlace = group == AHEAD || group == BEHIND;
        return byPlace ? one.offsetBytes < other.offsetBytes : one.arrivedNs < other.arrivedNs;
    }

    private int group(Command read, long freeNs) {
        if (read.arrivedNs > freeNs) {
            return TO_COME;
        }
        boolean expired = freeNs - read.arrivedNs > READ_EXPIRE_NS;
        if (expired && batched >= BATCH) {
            return EXPIRED;
        }
        if (read.offsetBytes >= sweptToByte) {
            return AHEAD;
        }
        return expired ? EXPIRED_BEHIND : BEHIND;
    }
}
