package writeboost.engine.log;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.Invariant;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * The state of a running log, shared by its tasks (writer, committer, checkpointer) and by those who append.
 *
 * <p>Invariants, all under {@link #lock}, which is never held during a device call:
 * <ol>
 *   <li>The chunks with seq in (durable, nextSeq) are in RAM, in {@link #chunk}; all but the newest are closed.
 *   <li>durable &lt;= decidedDurable &lt;= writtenUpTo &lt; nextSeq: a chunk counts as written when all before it are.
 *   <li>A chunk above decidedDurable is written again after any failed sync of the cache device.
 *   <li>Clients leave alone the reserve: room for writing the whole pool again, and for what writeback must log.
 * </ol>
 */
final class LogCore {
    /**
     * Segments that writeback may use beyond clients, for what it must log anew: of a round what is damaged, what the disk refuses,
     * what it refuses to zero, and before its end the lost blocks that oldest is about to pass. Each is at most a segment's worth, and
     * begins at most one. Clients' chunks that are written again after several failures leave them alone, too.
     */
    static final int OWN_SEGMENTS = 4;

    /** Buffers likewise. */
    private static final int OWN_BUFFERS = 1;

    /**
     * Staging and other best-effort appends leave this many segments and buffers to writes; in the smallest pool one buffer
     * less, else they could never use the half of it that brings on a sync.
     */
    private static final int COURTESY = 2;

    /** Who appends: each leaves alone what is kept for those above it. */
    enum Appender {
        WRITEBACK(0, 0), // as far down as what is not durable allows: only writeback makes room again
        CLIENT(OWN_SEGMENTS, OWN_BUFFERS),
        BEST_EFFORT(OWN_SEGMENTS + COURTESY, OWN_BUFFERS + COURTESY);

        private final int segmentsLeft;
        private final int buffersLeft;

        Appender(int segmentsLeft, int buffersLeft) {
            this.segmentsLeft = segmentsLeft;
            this.buffersLeft = buffersLeft;
        }
    }

    final Tasks tasks;
    final Monitor lock;
    final BlockDevice device;
    final UUID cacheUuid;
    final Geometry geometry;
    final SegmentTable segments;
    final EntryTable entries;
    final LogListener listener;

    /** A chunk was closed, or the log stops: something to do for a task of the writer. */
    final Monitor.Signal toWrite;
    /** What was written is waited for, or the log stops: something to do for the committer. */
    final Monitor.Signal toCommit;
    /** Written, durable or broken changed. */
    final Monitor.Signal progress;
    /** Room or a buffer became free, or broken changed. */
    final Monitor.Signal room;

    final ChunkBuffer[] pool;
    final long incarnation;
    final long firstSeq;
    /** Those that matter when replay starts at the oldest of the newest checkpoint. */
    Incarnations incarnations;

    final Fingerprint fingerprint;

    private final ChunkBuffer[] ring;
    private final ChunkBuffer[] free;
    private int freeBuffers;
    private int claimedSegments;
    private int planRemaining;

    @Nullable ChunkBuffer open;

    long nextSeq;
    long writtenUpTo;
    /** Covered by a good sync; {@link #durable} follows. */
    long decidedDurable;

    long durable;
    long tail;
    long oldest;
    long generation;
    long recordedDurable;
    int syncFailures;
    /** Writes and syncs of the log that failed, until all that was not durable at the last of them is. */
    int failuresInRow;

    private long failedThrough;
    /** As they were when they were asked for last: every header has them, and they move less often. */
    private Marks marks = new Marks(0, 0, 0);
    /** Somebody waits for everything up to it to be durable. */
    long wanted;

    /** The committer waits without a limit: nothing was to become overdue. */
    boolean committerSleeps;

    boolean stopped;

    @Nullable String broken;

    long bytesWritten;
    long bytesRead;
    long chunksWritten;
    long errors;

    LogCore(LogStart start, Tasks tasks, Monitor lock, int buffers, LogListener listener) {
        this.tasks = tasks;
        this.lock = lock;
        this.listener = listener;
        device = start.device();
        cacheUuid = start.superblock().cacheUuid();
        geometry = start.superblock().geometry();
        segments = start.segments();
        entries = start.entries();
        incarnation = start.incarnation();
        firstSeq = start.nextSeq();
        incarnations = start.incarnations();
        fingerprint = start.fingerprint();
        nextSeq = start.nextSeq();
        durable = start.nextSeq() - 1;
        writtenUpTo = durable;
        decidedDurable = durable;
        tail = start.marks().tail();
        oldest = start.marks().oldest();
        generation = start.generation();
        recordedDurable = start.marks().durable();
        toWrite = lock.newSignal("chunks to write");
        toCommit = lock.newSignal("chunks to make durable");
        progress = lock.newSignal("progress of the log");
        room = lock.newSignal("room in the log");
        pool = new ChunkBuffer[buffers];
        free = new ChunkBuffer[buffers];
        for (int i = 0; i < buffers; i++) {
            pool[i] = new ChunkBuffer(i, geometry.segmentBlocks());
            free[freeBuffers++] = pool[i];
        }
        ring = new ChunkBuffer[Integer.highestOneBit(buffers) * 2];
    }

    /** The chunk of a seq in (durable, nextSeq). */
    ChunkBuffer chunk(long seq) {
        ChunkBuffer c = ring[(int) (seq & ring.length - 1)];
        Invariant.check(c.seq == seq, "every chunk that is not durable is in RAM");
        return c;
    }

    int usedBuffers() {
        return pool.length - freeBuffers;
    }

    /** Segments that clients may still begin. */
    int clientSegmentsLeft() {
        return Math.max(0, segments.freeSegments() - claimedSegments - pool.length - OWN_SEGMENTS);
    }

    /** The open chunk, or a new one if there is room for this appender, or null. */
    @Nullable ChunkBuffer openFor(Appender who) {
        if (open != null) {
            return open;
        }
        if (!mayOpen(who)) {
            return null;
        }
        ChunkBuffer c = free[--freeBuffers];
        if (planRemaining < 2) {
            claim(c);
            planRemaining = geometry.segmentBlocks();
        }
        c.open(nextSeq, planRemaining - 1, tasks.nanoTime(), tasks.wallTimeMs());
        c.ofWriteback = who == Appender.WRITEBACK;
        ring[(int) (nextSeq & ring.length - 1)] = c;
        nextSeq++;
        open = c;
        if (committerSleeps) {
            toCommit.raise(); // it has to count the time of this chunk
        }
        return c;
    }

    boolean mayOpen(Appender who) {
        if (broken != null || freeBuffers <= Math.min(who.buffersLeft, pool.length / 2)) {
            return false;
        }
        boolean begun = planRemaining >= 2;
        int left = segments.freeSegments() - claimedSegments - (begun ? 0 : 1);
        // After a failed sync each chunk that is not durable may need a segment of its own.
        boolean canWriteAgain = left >= usedBuffers() + 1;
        return canWriteAgain && (begun || who == Appender.WRITEBACK || left >= pool.length + who.segmentsLeft);
    }

    /** Closes the open chunk, if there is one. Returns the seq that makes everything appended so far durable. */
    long close(CloseReason reason) {
        if (closeQuietly(reason) != null) {
            toWrite.raiseOne();
        }
        return nextSeq - 1;
    }

    /** As {@link #close}, but the writer's tasks are not told of it. Returns the chunk, or null if none is open. */
    @Nullable ChunkBuffer closeQuietly(CloseReason reason) {
        ChunkBuffer c = open;
        if (c != null) {
            Invariant.check(c.entries > 0, "no empty chunk is written");
            c.state = ChunkBuffer.State.CLOSED;
            c.reason = reason;
            planRemaining -= 1 + c.dataBlocks;
            open = null;
        }
        return c;
    }

    private void claim(ChunkBuffer c) {
        if (!c.claimsSegment) {
            c.claimsSegment = true;
            claimedSegments++;
        }
    }

    void unclaim(ChunkBuffer c) {
        if (c.claimsSegment) {
            c.claimsSegment = false;
            claimedSegments--;
        }
    }

    /** After a failed sync: whatever it may not have covered is written again, to fresh room. */
    void writeAgain() {
        syncFailures++;
        failed();
        for (long seq = decidedDurable + 1; seq < nextSeq; seq++) {
            ChunkBuffer c = chunk(seq);
            if (c.state == ChunkBuffer.State.WRITTEN) {
                closeAgain(c);
            }
        }
        writtenUpTo = decidedDurable;
        segments.removeFrom(decidedDurable + 1);
        goToFreshSegment();
        toWrite.raise();
    }

    /** A chunk that was given a place is to be written elsewhere. */
    void closeAgain(ChunkBuffer c) {
        c.state = ChunkBuffer.State.CLOSED;
        claim(c);
    }

    /** A write or a sync of the log failed. */
    void failed() {
        errors++;
        failuresInRow++;
        failedThrough = nextSeq - 1;
    }

    /** A good sync covers every chunk up to this seq. */
    void covered(long seq) {
        decidedDurable = Math.max(decidedDurable, seq);
        if (decidedDurable >= failedThrough) {
            failuresInRow = 0;
        }
    }

    void goToFreshSegment() {
        segments.abandonCurrent();
        if (open == null) {
            planRemaining = 0;
        }
    }

    /** Gives a durable chunk's buffer back. */
    void release(ChunkBuffer c) {
        c.state = ChunkBuffer.State.FREE;
        free[freeBuffers++] = c;
        room.raise();
    }

    /** Nothing more can be made durable; everybody who waits is told. */
    void breakLog(String why) {
        if (broken == null) {
            broken = why;
        }
        wakeTasks();
        progress.raise();
        room.raise();
    }

    /** The log stops, or can't go on: both tasks look at what is left to do. */
    void wakeTasks() {
        toWrite.raise();
        toCommit.raise();
    }

    Marks marks() {
        if (marks.durable() != durable || marks.tail() != tail || marks.oldest() != oldest) {
            marks = new Marks(durable, tail, oldest);
        }
        return marks;
    }
}
