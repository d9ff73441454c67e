package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.util.Map;
import java.util.TreeMap;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.SegmentTable;
import writeboost.engine.task.Tasks;
import writeboost.engine.writeback.BatchRound;
import writeboost.engine.writeback.Writeback;

/** Makes {@link PairSnapshot}s. */
final class SnapshotMaker {
    /** Ages are known to this many milliseconds... */
    private static final long AGE_STEP_MS = 500;

    /** ...and from this many samples on more coarsely: every other one is forgotten. */
    private static final int MAX_AGES = 4096;

    private final CacheState state;
    private final Log log;
    private final Writeback writeback;
    private final RoomQueue room;
    private final Geometry geometry;
    private final Tasks tasks;
    private final PairHealth health;
    private final TreeMap<Long, Long> openedMsBySeq = new TreeMap<>();
    private long newestOpenedMs;
    private long snapshotId;

    SnapshotMaker(
            CacheState state, Writeback writeback, RoomQueue room, Geometry geometry, Tasks tasks, PairHealth health) {
        this.health = health;
        this.state = state;
        this.writeback = writeback;
        this.room = room;
        this.geometry = geometry;
        this.tasks = tasks;
        log = state.log;
        newestOpenedMs = tasks.wallTimeMs();
        openedMsBySeq.put(log.tail(), newestOpenedMs);
    }

    /** A chunk became durable: remembers when it was opened. With the lock. */
    void durable(ChunkBuffer chunk) {
        if (chunk.openedMs() - newestOpenedMs >= AGE_STEP_MS) {
            newestOpenedMs = chunk.openedMs();
            openedMsBySeq.put(chunk.seq(), newestOpenedMs);
        }
        if (openedMsBySeq.size() > MAX_AGES) {
            boolean[] odd = {false};
            openedMsBySeq.values().removeIf(v -> odd[0] = !odd[0]);
        }
    }

    private double oldestDirtyAgeSeconds(boolean dirty) {
        Map.Entry<Long, Long> e = openedMsBySeq.floorEntry(log.tail() + 1);
        while (openedMsBySeq.size() > 1 && e != null && openedMsBySeq.firstKey() < e.getKey()) {
            openedMsBySeq.pollFirstEntry();
        }
        if (!dirty) {
            return 0;
        }
        long since;
        if (log.tail() >= log.durable() && log.headSeq() > log.durable()) {
            since = log.openedMsOf(log.durable() + 1);
        } else {
            since = e == null ? openedMsBySeq.firstEntry().getValue() : e.getValue();
        }
        return Math.max(0, tasks.wallTimeMs() - since) / 1000.0;
    }

    PairSnapshot make(Settings settings, boolean stopped) {
        state.lock.lock();
        try {
            boolean dirty = state.dirtyBlocks > 0 || state.ranges.liveCount() > 0;
            PairState pairState = stateOf(stopped, dirty);
            PairHealth.Trouble trouble = health.trouble(pairState, room.size(), writeback.failure());
            return new PairSnapshot(
                    ++snapshotId,
                    pairState,
                    trouble.what(),
                    trouble.advice(),
                    state.sizeBytes,
                    geometry.segments(),
                    log.segments().freeSegments(),
                    geometry.capacityBlocks(),
                    log.segments().maxId(),
                    log.headSeq(),
                    log.durable(),
                    log.tail(),
                    log.oldest(),
                    state.index.size(),
                    state.dirtyBlocks,
                    state.ranges.liveCount(),
                    oldestDirtyAgeSeconds(dirty),
                    log.usedBuffers(),
                    log.buffers(),
                    room.size(),
                    state.badBlocks + state.lostBlocks,
                    statistics(),
                    migration(),
                    settings);
        } finally {
            state.lock.unlock();
        }
    }

    private PairState stateOf(boolean stopped, boolean dirty) {
        if (stopped) {
            return PairState.STOPPED;
        }
        if (state.halted != null || state.missing != null) {
            return PairState.HALTED;
        }
        if (log.broken() != null) {
            return PairState.DEGRADED;
        }
        return dirty ? PairState.DIRTY : PairState.CLEAN;
    }

    SegmentMap map() {
        SegmentTable segments = log.segments();
        byte[] cells = new byte[segments.capacitySegments()];
        state.lock.lock();
        try {
            short[] notDurable = dirtyButNotDurable(cells.length);
            for (int slot = 0; slot < cells.length; slot++) {
                if (segments.isLive(slot)) {
                    cells[slot] = SegmentMap.cell(
                            state.tally.live(slot) + notDurable[slot],
                            segments.headerCount(slot),
                            geometry.segmentBlocks(),
                            state.tally.dirty(slot) + notDurable[slot],
                            state.tally.isDamaged(slot));
                }
            }
            long head = segments.currentId() == 0 ? segments.maxId() : segments.currentId();
            return new SegmentMap(
                    snapshotId,
                    cells,
                    head == 0 ? -1 : geometry.slotOf(head),
                    slotOf(log.tail() + 1),
                    slotOf(log.oldest()));
        } finally {
            state.lock.unlock();
        }
    }

    /** Dirty blocks by segment of chunks that are written but not durable yet: the tally does not have those. */
    private short[] dirtyButNotDurable(int segments) {
        short[] dirty = new short[segments];
        for (int b = 0; b < log.buffers(); b++) {
            ChunkBuffer chunk = log.buffer(b);
            int slot = chunk.seq() > log.durable() ? slotOf(chunk.seq()) : -1;
            for (int i = 0; slot >= 0 && i < chunk.dataBlocks(); i++) {
                if (chunk.dirty(i) != 0 && state.index.find(chunk.address(i)) == state.index.idOfRam(chunk, i)) {
                    dirty[slot]++;
                }
            }
        }
        return dirty;
    }

    private int slotOf(long seq) {
        long place = log.placeOf(seq, 0);
        return place < 0 ? -1 : (int) (place / 256) / geometry.segmentBlocks();
    }

    private PairSnapshot.Statistics statistics() {
        Counters c = state.counters;
        BatchRound round = writeback.round();
        return new PairSnapshot.Statistics(
                c.readHits,
                c.readMisses,
                c.writeHits,
                c.writeMisses,
                c.stagedBlocks,
                c.userBytesRead,
                c.userBytesWritten,
                c.flushes,
                c.cacheBytesRead.sum() + round.cacheBytesRead(),
                log.bytesWritten(),
                c.backingBytesRead + round.backingBytesRead(),
                round.backingBytesWritten(),
                round.backingBytesWritten(),
                round.backingWrites(),
                log.chunksWritten(),
                c.errors + log.errors());
    }

    private PairSnapshot.Migration migration() {
        Writeback.Status s = writeback.status();
        return new PairSnapshot.Migration(
                s.running(),
                s.kind(),
                s.doneBlocks(),
                s.totalBlocks(),
                s.etaSeconds(),
                s.blocksPerSecond() * BLOCK_BYTES);
    }
}
