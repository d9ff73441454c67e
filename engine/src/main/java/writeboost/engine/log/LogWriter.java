package writeboost.engine.log;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes closed chunks, in the order of their seqs, one sequential write each. What fails is written again in a fresh segment: same
 * seq, same content, higher segment id.
 *
 * <p>{@link #MAX_IN_FLIGHT} tasks run this, so that the device has the next chunk at hand when it is done with one. Where nothing is to
 * be written, the thread of a client that waits may write its chunk itself ({@link #takeOpen}): to wake a task would cost it more.
 *
 * <p>Invariants, under the lock:
 * <ol>
 *   <li>Chunks are given a place in the order of their seqs, each behind the one before or in a later segment. Those behind
 *       {@link LogCore#writtenUpTo} up to {@link #placedUpTo}, two at the most, are in flight, or wait for the one before.
 *   <li>{@link LogCore#writtenUpTo} passes a chunk when all before it are written, too.
 *   <li>When a write or a sync has failed, nothing is given a place before no write is in flight. Then all chunks behind writtenUpTo
 *       are, anew: none of them says of the one before that it lies where it does not.
 * </ol>
 */
final class LogWriter {
    /** One that the device works on, one that it finds when it is done. More would only make what a failure repeats more. */
    static final int MAX_IN_FLIGHT = 2;

    /** Failures of one chunk, each in another segment, after which the device counts as refusing writes. */
    private static final int MAX_FAILURES = 5;

    private static final long BACK_OFF_NS = 10_000_000;

    private final LogCore core;
    private final Committer committer;

    /** Encoded entries of the chunk that was encoded last: the next header carries a copy. */
    private final byte[] before = new byte[ChunkHeader.MAX_ENTRIES * ChunkHeader.ENTRY_BYTES];

    private int beforeEntries;
    private long encodedUpTo;

    /** The chunk that was given a place last, and where. */
    private long placedSeq;

    private int placedDataBlocks;
    private long placedSegmentId;
    private int placedOffset;
    private long placedIncarnation;

    /** Where the next chunk goes in the current segment. */
    private int offset;

    /** Every chunk up to it has a place. */
    private long placedUpTo;

    private int inFlight;
    /** Failed syncs when those in flight began: after another one none is begun beside them. */
    private int syncFailures;
    /** A chunk in flight has failed: all behind what is written will be given a place anew. */
    private boolean failed;

    private int failures;

    /** What a client's thread writes, from {@link #takeOpen} until it is done. */
    private @Nullable ChunkBuffer taken;

    LogWriter(LogCore core, Committer committer, ChunkHeader.@Nullable Previous newest) {
        this.core = core;
        this.committer = committer;
        encodedUpTo = core.durable;
        placedUpTo = core.durable;
        if (newest != null) {
            beforeEntries = newest.entries().count();
            newest.entries().bytes().get(0, before, 0, beforeEntries * ChunkHeader.ENTRY_BYTES);
            notePlace(core.durable, newest.dataBlocks(), newest.segmentId(), newest.offset(), newest.incarnation());
        }
    }

    private void notePlace(long seq, int dataBlocks, long segmentId, int itsOffset, long incarnation) {
        placedSeq = seq;
        placedDataBlocks = dataBlocks;
        placedSegmentId = segmentId;
        placedOffset = itsOffset;
        placedIncarnation = incarnation;
    }

    void run() {
        while (true) {
            core.lock.lock();
            ChunkBuffer c;
            try {
                c = next();
                if (c == null) {
                    return;
                }
                if (!place(c)) {
                    core.breakLog("no room is left to write a chunk again");
                    return;
                }
                begin(c);
            } finally {
                core.lock.unlock();
            }
            if (write(c)) {
                committer.commit();
            }
        }
    }

    /**
     * Closes the open chunk and leaves it to the caller to write, if nothing else is to be written or made durable. With the lock.
     *
     * @return whether the caller is to call {@link #writeTaken} next, without the lock
     */
    boolean takeOpen(CloseReason reason) {
        boolean atRest = inFlight == 0 && placedUpTo == core.writtenUpTo && placedUpTo == core.nextSeq - 2;
        if (core.open == null
                || !atRest
                || taken != null
                || core.stopped
                || core.broken != null
                || committer.isBusy()) {
            return false;
        }
        ChunkBuffer c = Objects.requireNonNull(core.closeQuietly(reason));
        if (!place(c)) {
            core.breakLog("no room is left to write a chunk");
            return false;
        }
        begin(c);
        taken = c;
        return true;
    }

    /** Writes what was taken, and makes it durable; after a failure, and when more has come meanwhile, the log's tasks do. */
    void writeTaken() {
        try {
            if (write(Objects.requireNonNull(taken))) {
                committer.commit();
            }
        } finally {
            core.lock.lock();
            taken = null;
            core.progress.raise();
            core.lock.unlock();
        }
    }

    /** Waits for the end of {@link #writeTaken}: it may still use the device when all that is wanted is durable. With the lock. */
    void awaitTaken() {
        while (taken != null) {
            core.progress.await();
        }
    }

    /** Waits for the next chunk to write; null at the end. */
    private @Nullable ChunkBuffer next() {
        while (true) {
            if (core.broken != null) {
                return null;
            }
            if (inFlight == 0) {
                goBack();
            }
            ChunkBuffer c = mayPlace() ? closed(placedUpTo + 1) : null;
            if (c != null) {
                return c;
            }
            if (core.stopped && core.durable >= core.wanted) {
                return null;
            }
            core.toWrite.await();
        }
    }

    /** All that has a place, but is not written, is to be given one anew. */
    private void goBack() {
        failed = false;
        for (long seq = core.writtenUpTo + 1; seq <= placedUpTo; seq++) {
            core.closeAgain(core.chunk(seq));
        }
        placedUpTo = core.writtenUpTo;
    }

    /** A second one only while all is well: so a failure has no more than two written again, and the next one only that chunk. */
    private boolean mayPlace() {
        boolean allGood = failures == 0 && !failed && syncFailures == core.syncFailures;
        return inFlight == 0 || (allGood && placedUpTo - core.writtenUpTo < MAX_IN_FLIGHT);
    }

    /** The chunk of a seq if it is there, and closed. */
    private @Nullable ChunkBuffer closed(long seq) {
        if (seq >= core.nextSeq) {
            return null;
        }
        ChunkBuffer c = core.chunk(seq);
        return c.state == ChunkBuffer.State.CLOSED ? c : null;
    }

    private void begin(ChunkBuffer c) {
        offset = c.offset + 1 + c.dataBlocks;
        placedUpTo = c.seq;
        inFlight++;
        syncFailures = core.syncFailures;
        if (mayPlace() && closed(placedUpTo + 1) != null) {
            core.toWrite.raiseOne(); // another task sleeps
        }
    }

    /** Gives the chunk a place and completes its header. */
    private boolean place(ChunkBuffer c) {
        SegmentTable segments = core.segments;
        // Room is planned as if every chunk had data: a header alone never takes the last block of a segment.
        int lengthBlocks = 1 + Math.max(1, c.dataBlocks);
        if (segments.currentId() == 0 || offset + lengthBlocks > core.geometry.segmentBlocks()) {
            if (!mayBegin(c) || segments.beginSegment() == 0) {
                return false;
            }
            offset = 0;
        }
        core.unclaim(c);
        c.segmentId = segments.currentId();
        c.offset = offset;
        int slot = core.geometry.slotOf(c.segmentId);
        segments.use(slot, c.seq);
        if (c.seq > encodedUpTo) {
            c.encodeEntries(before, beforeEntries);
            c.copyEntries(before);
            beforeEntries = c.entries;
            encodedUpTo = c.seq;
        }
        if (placedSeq == c.seq - 1) {
            // Else the chunk before has not moved since this one was given a place the last time.
            c.previousDataBlocks = placedDataBlocks;
            c.previousSegmentId = placedSegmentId;
            c.previousOffset = placedOffset;
            c.previousIncarnation = placedIncarnation;
        }
        notePlace(c.seq, c.dataBlocks, c.segmentId, c.offset, core.incarnation);
        boolean flushPoint = c.reason == CloseReason.FLUSH || c.reason == CloseReason.FUA;
        c.encodeHeader(
                core.cacheUuid, slot, core.incarnation, core.firstSeq, core.marks(), core.generation, flushPoint);
        return true;
    }

    /**
     * After one failure each chunk that is not durable finds room to be written again. What more of them in a row make of clients'
     * chunks must not take the room without which writeback can't go on, over openings too: rather no more writes until the log is
     * opened anew, which gives up what was never durable.
     */
    private boolean mayBegin(ChunkBuffer c) {
        return core.failuresInRow <= 1 || c.ofWriteback || core.segments.freeSegments() > LogCore.OWN_SEGMENTS;
    }

    /** Returns whether this task is to make it durable, too. */
    private boolean write(ChunkBuffer c) {
        IOException failure = null;
        int position = core.geometry.position(core.geometry.slotOf(c.segmentId), c.offset);
        try {
            core.device.write(core.geometry.byteOffset(position), c.bytes());
        } catch (IOException e) {
            failure = e;
        }
        long backOffNs;
        core.lock.lock();
        try {
            if (failure == null) {
                inFlight--;
                // Else a failed sync, which overlapped, may have been told of its loss.
                if (syncFailures == core.syncFailures) {
                    c.state = ChunkBuffer.State.WRITTEN;
                    advance();
                }
                passOn(c);
                return committer.leavesItToWriter();
            }
            backOffNs = fail(failure);
        } finally {
            core.lock.unlock();
        }
        core.listener.deviceFailed(failure.getMessage() + "; the chunk is written again elsewhere");
        core.tasks.sleep(backOffNs);
        core.lock.lock();
        inFlight--; // only now: nothing else is written meanwhile
        passOn(c);
        core.lock.unlock();
        return false;
    }

    /** What is closed and not written: a task of ours goes on with it by itself, a client's thread leaves it to them. */
    private void passOn(ChunkBuffer c) {
        long closedUpTo = core.open == null ? core.nextSeq - 1 : core.nextSeq - 2;
        if (c == taken && core.writtenUpTo < closedUpTo) {
            core.toWrite.raise();
        }
    }

    private void advance() {
        while (core.writtenUpTo < placedUpTo && core.chunk(core.writtenUpTo + 1).state == ChunkBuffer.State.WRITTEN) {
            ChunkBuffer c = core.chunk(core.writtenUpTo + 1);
            failures = 0;
            core.segments.add(c.segmentId, c.offset, c.dataBlocks, c.seq);
            core.writtenUpTo = c.seq;
            core.bytesWritten += c.lengthBytes();
            core.chunksWritten++;
            core.progress.raise();
        }
    }

    /** Returns how long to wait before anything is written again, in nanoseconds. */
    private long fail(IOException failure) {
        if (failed) {
            core.errors++; // one failure, which both writes in flight were told of
        } else {
            failed = true;
            failures++;
            core.failed();
            core.goToFreshSegment();
            if (failures > MAX_FAILURES) {
                core.breakLog("the cache device refuses writes: " + failure.getMessage());
            }
        }
        return BACK_OFF_NS << failures;
    }
}
