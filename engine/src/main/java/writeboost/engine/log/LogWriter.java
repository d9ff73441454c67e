package writeboost.engine.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The task that writes closed chunks, in the order of their seqs, one sequential write each. A chunk that fails is tried
 * again in a fresh segment: same seq, same content, higher segment id.
 */
final class LogWriter {
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

    private int offset;
    private int failures;

    LogWriter(LogCore core, Committer committer, ChunkHeader.@Nullable Previous newest) {
        this.core = core;
        this.committer = committer;
        encodedUpTo = core.durable;
        if (newest != null) {
            beforeEntries = newest.entries().count();
            newest.entries().bytes().get(0, before, 0, beforeEntries * ChunkHeader.ENTRY_BYTES);
            placed(core.durable, newest.dataBlocks(), newest.segmentId(), newest.offset(), newest.incarnation());
        }
    }

    private void placed(long seq, int dataBlocks, long segmentId, int itsOffset, long incarnation) {
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
            int syncFailures;
            try {
                c = next();
                if (c == null) {
                    return;
                }
                if (!place(c)) {
                    core.breakLog("no room is left to write a chunk again");
                    return;
                }
                syncFailures = core.syncFailures;
            } finally {
                core.lock.unlock();
            }
            if (write(c, syncFailures)) {
                committer.commit();
            }
        }
    }

    /** Waits for the next chunk to write; null at the end. */
    private @Nullable ChunkBuffer next() {
        while (true) {
            if (core.broken != null) {
                return null;
            }
            long seq = core.writtenUpTo + 1;
            if (seq < core.nextSeq && core.chunk(seq).state == ChunkBuffer.State.CLOSED) {
                return core.chunk(seq);
            }
            if (core.stopped && core.durable >= core.wanted) {
                return null;
            }
            core.toWrite.await();
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
        placed(c.seq, c.dataBlocks, c.segmentId, c.offset, core.incarnation);
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
    private boolean write(ChunkBuffer c, int syncFailures) {
        IOException failure = null;
        int position = core.geometry.position(core.geometry.slotOf(c.segmentId), c.offset);
        try {
            core.device.write(core.geometry.byteOffset(position), c.bytes());
        } catch (IOException e) {
            failure = e;
        }
        core.lock.lock();
        try {
            if (failure == null && core.syncFailures == syncFailures) {
                written(c);
                return committer.leavesItToWriter();
            }
            core.goToFreshSegment();
            if (failure == null) {
                return false; // a failed sync overlapped: the chunk is still the next to write
            }
            core.failed();
            failures++;
            if (failures > MAX_FAILURES) {
                core.breakLog("the cache device refuses writes: " + failure.getMessage());
            }
        } finally {
            core.lock.unlock();
        }
        core.listener.deviceFailed(failure.getMessage() + "; the chunk is written again elsewhere");
        core.tasks.sleep(BACK_OFF_NS << failures);
        return false;
    }

    private void written(ChunkBuffer c) {
        failures = 0;
        c.state = ChunkBuffer.State.WRITTEN;
        core.segments.add(c.segmentId, c.offset, c.dataBlocks, c.seq);
        core.writtenUpTo = c.seq;
        core.bytesWritten += c.lengthBytes();
        core.chunksWritten++;
        offset = c.offset + 1 + c.dataBlocks;
        core.progress.raise();
    }
}
