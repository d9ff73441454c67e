package writeboost.engine.nbd;

import writeboost.engine.task.Tasks;
import writeboost.engine.task.TimerSlack;

/**
 * Lets requests gather before more are looked for. A client that keeps many in flight and is answered from memory finds the receiving
 * thread asleep each time that it sends one; to wake it costs the client more than all else about that request. Network
 * cards wait a moment before they interrupt, for the same reason.
 *
 * <p>No answer is delayed by it that is known, and none at all to a client that sends one request at a time: the thread rests only when a
 * client has lately sent several together, and when all that came last is answered. For the receiving thread.
 */
final class Gathering {
    /** Receipts of a single request after which a client counts as one that sends them one at a time. */
    static final int RECEIPTS = 16;

    private final Tasks tasks;
    private final boolean canRest;
    private int receiptsLeft;

    /**
     * Makes one.
     *
     * @param canRest whether a rest takes as little time as it should
     */
    Gathering(Tasks tasks, boolean canRest) {
        this.tasks = tasks;
        this.canRest = canRest;
    }

    /** Makes one for the calling thread. */
    static Gathering ofThisThread(Tasks tasks) {
        return new Gathering(tasks, prepareThisThread());
    }

    /** Has rests of the calling thread take as little time as they should. Returns whether they do. */
    static boolean prepareThisThread() {
        return TimerSlack.set(Limits.GATHER_SLACK_NS);
    }

    /**
     * Is told what was received since the last time, and rests if that is worth it.
     *
     * @param requests how many, taken together
     * @param allAnswered whether none of these is still with the disk
     */
    void received(long requests, boolean allAnswered) {
        receiptsLeft = requests > 1 ? RECEIPTS : Math.max(0, receiptsLeft - 1);
        if (canRest && allAnswered && receiptsLeft > 0) {
            tasks.sleep(Limits.GATHER_NS);
        }
    }
}
