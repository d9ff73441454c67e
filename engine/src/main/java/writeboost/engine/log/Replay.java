package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Opening a log: finds the prefix of its order that counts, and hands it over chunk by chunk.
 *
 * <p>Rules:
 * <ol>
 *   <li>durable, tail and oldest are the largest that any valid checkpoint or header names.
 *   <li>Of the chunks with one seq the highest incarnation counts, then the highest segment id; what a later incarnation voids
 *       never counts.
 *   <li>Up to durable a valid header suffices: data is checked when it is read. Above it header and all data must fit, or the
 *       log ends before: an ordinary power cut.
 *   <li>A chunk up to durable whose header is gone is known from the copy in the next header. Without that, nothing is
 *       opened if it is above the tail; else only cached copies are lost, and oldest moves past it.
 *   <li>Nothing is written before all that has succeeded; then both devices are synced, and a checkpoint of a new incarnation
 *       makes the result lasting. Interrupted anywhere and repeated, it gives the same.
 * </ol>
 */
public final class Replay {
    private final BlockDevice device;
    private final Superblock superblock;
    private final Geometry geometry;
    private final LogSurvey survey;
    private final LogScanner scanner;
    private final LogContent content;
    private final EntryTable entries;
    private final SegmentTable segments;
    private final List<String> findings = new ArrayList<>();
    private final Crc crc = new Crc();

    private long lastSeq;
    /** The seq behind the last chunk that is gone. */
    private long behindGone;

    private ChunkHeader.@Nullable Previous newest;
    private int newestPlace = -1;

    /** Takes the chunks that count, in order. */
    @FunctionalInterface
    public interface Sink {
        /**
         * A chunk; the entry table holds its blocks already.
         *
         * @param firstPosition of its data blocks
         * @param ranges its ranges
         */
        void chunk(long seq, int firstPosition, int dataBlocks, List<RangeEntry> ranges);
    }

    /** Follows the progress; false cancels. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many segments were read. */
        boolean update(long done, long total);
    }

    /** Begins with a device that carries this superblock. */
    public Replay(BlockDevice device, Superblock superblock) {
        this.device = device;
        this.superblock = superblock;
        geometry = superblock.geometry();
        survey = new LogSurvey(device, superblock);
        scanner = survey.scanner;
        content = new LogContent(geometry);
        entries = content.entries();
        segments = new SegmentTable(geometry);
    }

    /**
     * Reads the log; writes nothing.
     *
     * @throws EngineException DAMAGED if acknowledged data would be passed over; CANCELLED
     * @throws IOException if a part that matters can't be read
     */
    public void read(Progress progress) throws IOException {
        if (scanner.readCheckpoints().isEmpty()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": no valid checkpoint is left. Nothing was changed. The data on it can't be"
                            + " attributed safely; keep the device as it is.");
        }
        survey.scan(false, this::remember, progress);
        try {
            resolve();
        } catch (EngineException e) {
            throw mayHaveMissed() ? unreadable(e) : e;
        }
        if (mayHaveMissed()) {
            throw unreadable(null);
        }
        progress.update(geometry.segments(), geometry.segments());
    }

    /** The superblock of the log. */
    public Superblock superblock() {
        return superblock;
    }

    /** What each position holds. */
    public EntryTable entries() {
        return entries;
    }

    /** The marks that the device names. */
    public Marks marks() {
        return scanner.marks;
    }

    /** What was found to be damaged and was mended from copies; sentences for the user. */
    public List<String> findings() {
        return findings;
    }

    /** The newest checkpoint. */
    public Checkpoint checkpoint() {
        return scanner.checkpoints.get(0);
    }

    /**
     * Compares the backing device with its fingerprint.
     *
     * @return the blocks whose content is not what the newest checkpoint says
     */
    public Set<Long> changedBlocks(BlockDevice backing) throws IOException {
        return checkpoint().fingerprint().differing(Fingerprint.measure(backing), backing.sizeBytes());
    }

    /** The checksum of a block of the backing device as it is now. */
    public static int blockCrc(BlockDevice backing, long address) throws IOException {
        ByteBuffer block = Blocks.allocate(1);
        backing.read(address * BLOCK_BYTES, block);
        return new Crc().of(block, 0, BLOCK_BYTES);
    }

    /**
     * Whether a chunk may be hidden where the device can't be read. Not inside the chunks that are known; and not after a
     * clean stop, when the end of the log is on record.
     */
    private boolean mayHaveMissed() {
        int[] chosen = survey.chosen();
        long newestFound = chosen.length == 0 ? 0 : scanner.found.seq(chosen[chosen.length - 1]);
        if (checkpoint().clean() && newestFound <= checkpoint().marks().durable()) {
            return false;
        }
        return !scanner.unread.stream().allMatch(segments::isInLiveChunk);
    }

    private EngineException unreadable(@Nullable EngineException cause) {
        int first = scanner.unread.nextSetBit(0);
        String what = device.name() + ": " + scanner.unread.cardinality() + " blocks can't be read (the first in slot "
                + first / geometry.segmentBlocks() + ", block " + first % geometry.segmentBlocks()
                + " of the segment there), and the newest data may be among them. Nothing was changed."
                + " Check the cable and try again.";
        return cause == null ? new EngineException(ErrorCode.IO, what) : new EngineException(ErrorCode.IO, what, cause);
    }

    /** Keeps the entries of a header that the chain reached. Nothing else claims their positions. */
    private void remember(ChunkHeader header, int position) {
        content.apply(header.seq(), header.entries(), position);
    }

    /** Only cached copies may be passed over: oldest then moves past the chunk. */
    private void isGone(long seq) throws EngineException {
        if (seq > scanner.marks.tail()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": chunk " + seq
                            + " of the log, which held acknowledged data, is gone with its copy."
                            + " Nothing was changed, and the disk must not be used without it. Check the cable; if it"
                            + " stays so, save what is intact before anything else.");
        }
        findings.add("Chunk " + seq + " is damaged; only cached copies of what is on the disk are lost.");
        behindGone = seq + 1;
    }

    /** Oldest must not pass a lost entry: its block would turn into what the disk happens to hold. */
    private void requireNothingLostBefore(long seq, int[] chosen) throws EngineException {
        for (int i : chosen) {
            int first = scanner.found.place(i) + 1;
            for (int p = first; scanner.found.seq(i) < seq && p < first + scanner.found.dataBlocks(i); p++) {
                if (entries.kind(p) == EntryKind.LOST) {
                    throw new EngineException(
                            ErrorCode.DAMAGED,
                            device.name() + ": chunk " + (seq - 1)
                                    + " of the log is gone with its copy, and with it the"
                                    + " record of blocks that were lost earlier would go. Nothing was changed. Check the"
                                    + " cable; if it stays so, save what is intact before anything else.");
                }
            }
        }
    }

    private void tellMended(long seq, ChunkHeader.Previous copy) {
        findings.add("The header of chunk " + seq + " (segment " + copy.segmentId()
                + ") is damaged; it is known from its copy, nothing is lost.");
    }

    /** Goes through the chunks in order, up to the end of the log, and notes where each lies. */
    private void resolve() throws IOException {
        GapMender mender = new GapMender(scanner, this::isGone);
        int[] chosen = survey.chosen();
        mender.mend(chosen);
        mender.mended().forEach(this::tellMended);
        requireNothingLostBefore(behindGone, chosen);
        long oldest = Math.max(scanner.marks.oldest(), behindGone);
        scanner.marks = new Marks(scanner.marks.durable(), scanner.marks.tail(), oldest);
        int next = 0;
        for (long seq = oldest; ; seq++) {
            while (next < chosen.length && scanner.found.seq(chosen[next]) < seq) {
                next++;
            }
            boolean present = next < chosen.length && scanner.found.seq(chosen[next]) == seq;
            ChunkHeader.Previous copy = mender.copyOf(seq);
            if (copy != null) {
                acceptCopy(seq, copy);
            } else if (!present || !accept(chosen[next])) {
                lastSeq = seq - 1;
                break;
            }
        }
        readNewest();
        useRoomOfFound(oldest);
        segments.setMaxId(scanner.maxSegmentId);
    }

    private void acceptCopy(long seq, ChunkHeader.Previous copy) throws EngineException {
        int position = geometry.position(geometry.slotOf(copy.segmentId()), copy.offset());
        content.apply(seq, copy.entries(), position);
        take(seq, copy.segmentId(), position, copy.dataBlocks());
        newest = copy;
        newestPlace = -1;
    }

    /** Hands over the chunks that count, in order. Call {@link #read} before. */
    public void deliver(Sink sink) {
        int near = 0;
        for (long seq = scanner.marks.oldest(); seq <= lastSeq; seq++) {
            int slot = segments.slotOf(seq, near);
            near = slot;
            int offset = segments.offsetOf(seq, slot);
            int position = geometry.position(slot, offset);
            sink.chunk(seq, position + 1, segments.endOf(slot, offset) - offset - 1, content.rangesAt(position));
        }
    }

    /** Takes a chunk that was found, if it counts. */
    private boolean accept(int i) throws IOException {
        int position = scanner.found.place(i);
        long seq = scanner.found.seq(i);
        if (scanner.found.bySearch(i)) {
            content.apply(seq, readAgain(position).entries(), position);
        }
        int dataBlocks = scanner.found.dataBlocks(i);
        if (seq > scanner.marks.durable() && !dataFits(position + 1, dataBlocks)) {
            return false;
        }
        take(seq, scanner.found.segmentId(i), position, dataBlocks);
        newestPlace = position;
        return true;
    }

    private ChunkHeader readAgain(int position) throws IOException {
        return scanner.readHeader(position)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.IO,
                        device.name() + ": a header in slot " + position / geometry.segmentBlocks()
                                + " could be read before, but not again. Nothing was changed. Try again."));
    }

    /** The next header will carry a copy of the newest chunk. */
    private void readNewest() throws IOException {
        if (newestPlace >= 0) {
            ChunkHeader h = readAgain(newestPlace);
            newest = new ChunkHeader.Previous(h.segmentId(), h.offset(), h.incarnation(), h.dataBlocks(), h.entries());
        }
    }

    private void take(long seq, long segmentId, int position, int dataBlocks) throws EngineException {
        if (!segments.mayAdd(segmentId, position % geometry.segmentBlocks(), seq)) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": chunk " + seq + " of the log can't be where it says (segment " + segmentId
                            + "). Nothing was changed. This is no damage that a device does: keep the device as it is.");
        }
        requireOnDisk(seq, position, dataBlocks);
        segments.add(segmentId, position % geometry.segmentBlocks(), dataBlocks, seq);
        if (seq <= scanner.marks.tail()) {
            for (int i = 0; i < dataBlocks; i++) {
                entries.setClean(position + 1 + i);
            }
        }
    }

    /** Writing to a place that the disk does not have would fail for ever; and who made that up may have made up more. */
    private void requireOnDisk(long seq, int position, int dataBlocks) throws EngineException {
        long end = 0;
        for (int i = 0; i < dataBlocks; i++) {
            end = Math.max(end, entries.address(position + 1 + i) + 1);
        }
        for (RangeEntry range : content.rangesAt(position)) {
            end = Math.max(end, range.endAddress());
        }
        if (end > superblock.diskBlocks()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": chunk " + seq + " of the log names block " + (end - 1)
                            + ", but the disk has only "
                            + superblock.diskBlocks() + ". Nothing was changed. This is no damage that a device does:"
                            + " keep the device as it is, and save what is intact before anything else.");
        }
    }

    /** Reads the data blocks of a chunk above durable. */
    private boolean dataFits(int firstPosition, int dataBlocks) throws IOException {
        if (dataBlocks == 0) {
            return true;
        }
        ByteBuffer data = Blocks.allocate(dataBlocks);
        scanner.readData(firstPosition, data);
        for (int i = 0; i < dataBlocks; i++) {
            if (crc.of(data, i * BLOCK_BYTES, BLOCK_BYTES) != entries.crc(firstPosition + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Rooms that hold a chunk of the log, though another copy of it counts, are not free. What a later incarnation voids is no chunk
     * of the log: its room was free when that began.
     */
    private void useRoomOfFound(long oldest) {
        for (int i = 0; i < scanner.found.size(); i++) {
            long seq = scanner.found.seq(i);
            boolean isVoid = scanner.incarnations.voids(scanner.found.incarnation(i), seq);
            if (seq >= oldest && seq <= lastSeq && !isVoid) {
                segments.use(scanner.found.place(i) / geometry.segmentBlocks(), seq);
            }
        }
    }

    /** A log that goes on behind what was read; nothing is written yet. */
    public Log newLog(Tasks tasks, Monitor lock, LogListener listener) throws EngineException {
        Marks marks = scanner.marks;
        long next = Math.max(lastSeq, marks.durable()) + 1;
        Incarnations all = scanner.incarnations;
        long incarnation = all.number(all.size() - 1) + 1;
        all.add(incarnation, next);
        if (all.above(marks.oldest()).size() > Checkpoint.MAX_INCARNATIONS) {
            throw new EngineException(
                    ErrorCode.STATE, device.name() + ": the log was opened too often without being written back.");
        }
        LogStart start = new LogStart(
                device,
                superblock,
                segments,
                entries,
                new Marks(marks.durable(), marks.tail(), marks.oldest()),
                next,
                checkpoint().generation(),
                incarnation,
                all,
                checkpoint().fingerprint().copy());
        return new Log(start, newest, tasks, lock, listener);
    }

    /**
     * Makes the result of the replay lasting; only then the log may be started.
     *
     * @param backing synced too: a killed process may have left writes that are not durable
     * @param forget whether what the log holds, which must be clean, no longer counts: the disk was changed elsewhere, and is
     *     from now on as it is
     * @throws IOException if a device refuses; nothing may be served then
     */
    public void finish(Log log, BlockDevice backing, boolean forget) throws IOException {
        device.sync();
        backing.sync();
        if (forget) {
            log.measureFingerprint(backing);
        }
        Marks marks = scanner.marks;
        log.checkpoint(forget ? lastSeq : marks.tail(), forget ? lastSeq + 1 : marks.oldest(), false);
    }
}
