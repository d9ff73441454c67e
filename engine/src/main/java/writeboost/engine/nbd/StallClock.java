package writeboost.engine.nbd;

import writeboost.engine.task.Tasks;

/**
 * Since when one connection has been waiting for its client to send the rest of a payload, or to take a reply. Memory
 * is held meanwhile that others may need. A byte now and then does not stop the clock: it measures whole payloads and
 * whole replies.
 *
 * <p>The receiving and the sending thread start and stop their own clock; any thread may look.
 */
final class StallClock {
    /** No time: {@link #now} never gives it. */
    private static final long STOPPED = 0;

    private final Tasks tasks;
    private volatile long receivingSinceNs = STOPPED;
    private volatile long sendingSinceNs = STOPPED;

    StallClock(Tasks tasks) {
        this.tasks = tasks;
    }

    /** A payload is being waited for. */
    void receiving() {
        receivingSinceNs = now();
    }

    /** The payload is there, or never will be. */
    void received() {
        receivingSinceNs = STOPPED;
    }

    /** A reply is being sent. */
    void sending() {
        sendingSinceNs = now();
    }

    /** The client, or rather its socket, has taken the reply, or never will. */
    void sent() {
        sendingSinceNs = STOPPED;
    }

    /** How long the client has kept the connection waiting, in nanoseconds; 0 if it does not. */
    long waitedNs() {
        long nowNs = now();
        return Math.max(waitedNs(receivingSinceNs, nowNs), waitedNs(sendingSinceNs, nowNs));
    }

    private static long waitedNs(long sinceNs, long nowNs) {
        return sinceNs == STOPPED ? 0 : nowNs - sinceNs;
    }

    private long now() {
        return tasks.nanoTime() | 1;
    }
}
