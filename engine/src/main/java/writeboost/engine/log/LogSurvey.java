package writeboost.engine.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * The chunks that a cache device holds, and which of them count: one for each seq, of several the one of the highest
 * incarnation, then of the highest segment id; never one that a later incarnation voids. Chunks that bad headers hide are
 * searched for where it matters. Judges nothing and writes nothing.
 *
 * <p>One thread.
 */
public final class LogSurvey {
    private final String deviceName;
    private final Geometry geometry;
    final LogScanner scanner;

    private int[] chosen = new int[0];
    private long lastSeq;

    /** Begins with a device that carries this superblock. */
    public LogSurvey(BlockDevice device, Superblock superblock) {
        deviceName = device.name();
        geometry = superblock.geometry();
        scanner = new LogScanner(device, superblock);
    }

    /**
     * Reads the checkpoint slots; valid ones only, the newest first.
     *
     * @throws EngineException IO if the newest that took effect may be in slots that can't be read
     */
    public List<Checkpoint> readCheckpoints() throws EngineException {
        return scanner.readCheckpoints();
    }

    /**
     * Reads the headers.
     *
     * @param moving whether the log is being written meanwhile: chunks above the durable mark of the checkpoints that were
     *     read before may then be missing without being lost
     * @param sink is given the headers that the chains reach, not those that a search finds
     * @throws EngineException CANCELLED; DAMAGED if the marks name more chunks than there is room for
     */
    public void scan(boolean moving, LogScanner.Sink sink, Replay.Progress progress) throws EngineException {
        long durableBefore = scanner.marks.durable();
        for (int slot = 0; slot < geometry.segments(); slot++) {
            scanner.scanSegment(slot, sink);
            if (slot % 256 == 0 && !progress.update(slot, geometry.segments())) {
                throw new EngineException(ErrorCode.CANCELLED, "reading the log was cancelled; nothing was changed");
            }
        }
        choose();
        if (moving) {
            believe(durableBefore);
        }
        checkMarks();
        HiddenChunks hidden = new HiddenChunks(scanner, geometry);
        while (hidden.search(chosen, lastSeq)) {
            choose();
            if (moving) {
                believe(durableBefore); // also what a search finds may name chunks that were not there yet
            }
        }
    }

    /** What the headers name beyond a durable mark is believed only as far as there are chunks. */
    private void believe(long durableBefore) {
        long durable = Math.min(scanner.marks.durable(), Math.max(durableBefore, lastSeq));
        scanner.marks = new Marks(
                durable, Math.min(scanner.marks.tail(), durable), Math.min(scanner.marks.oldest(), durable + 1));
    }

    /** However the marks came to be on the device: who goes through all that they name must come to an end. */
    private void checkMarks() throws EngineException {
        Marks marks = scanner.marks;
        if (marks.durable() - marks.oldest() >= geometry.positions()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    deviceName + ": the marks on it (" + marks + ") can't be: there is no room for so many chunks."
                            + " Nothing was changed.");
        }
    }

    /** Picks the chunks that count, and finds the end of their unbroken sequence. */
    private void choose() {
        chosen = scanner.found.chosen(scanner.incarnations, scanner.marks.oldest(), scanner.marks.durable());
        lastSeq = scanner.marks.oldest() - 1;
        for (int i : chosen) {
            if (scanner.found.seq(i) == lastSeq + 1) {
                lastSeq++;
            }
        }
    }

    /**
     * The chunks up to durable whose header is gone, and that are known from the copy in another one; by seq.
     *
     * @param gone is told of those that have no copy either
     */
    public Map<Long, ChunkHeader.Previous> mended(LongConsumer gone) throws EngineException {
        GapMender mender = new GapMender(scanner, gone::accept);
        mender.mend(chosen);
        return mender.mended();
    }

    /** Every valid header that was found. */
    public FoundChunks found() {
        return scanner.found;
    }

    /** Numbers, in {@link #found}, of the chunks that count: those from oldest on, ascending by seq, perhaps with gaps. */
    public int[] chosen() {
        return chosen;
    }

    /** The end of the unbroken sequence of chunks that begins with oldest. */
    public long lastSeq() {
        return lastSeq;
    }

    /** The largest marks that any valid checkpoint or header names. */
    public Marks marks() {
        return scanner.marks;
    }

    /** Whether a later incarnation voids a chunk. */
    public boolean isVoid(int i) {
        return scanner.incarnations.voids(scanner.found.incarnation(i), scanner.found.seq(i));
    }

    /** Whether a later incarnation than this voids chunks of this seq. */
    public boolean isVoid(long incarnation, long seq) {
        return scanner.incarnations.voids(incarnation, seq);
    }

    /** Reads the header at a position again; empty if it is not, or no longer, a valid one. */
    public Optional<ChunkHeader> header(int position) {
        return scanner.readHeader(position);
    }

    /** The offset in a slot at which the chain of valid headers ended; blocks of a segment if it filled it. */
    public int chainEnd(int slot) {
        return scanner.chainEnd(slot);
    }
}
