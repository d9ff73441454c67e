package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** Segments without a valid first header, following the end of the log, that are searched for a hidden chunk. */
    private static final int SEARCHED_BEHIND_END = 4;

    private final BlockDevice device;
    private final Superblock superblock;
    private final Geometry geometry;
    private final LogScanner scanner;
    private final EntryTable entries;
    private final SegmentTable segments;
    private final Map<Integer, List<RangeEntry>> rangesByPlace = new HashMap<>();
    private final List<String> findings = new ArrayList<>();
    private final Crc crc = new Crc();

    private int[] chosen = new int[0];
    private long lastSeq;
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
        scanner = new LogScanner(device, superblock);
        entries = new EntryTable(geometry.positions());
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
        for (int slot = 0; slot < geometry.segments(); slot++) {
            scanner.scanSegment(slot, this::remember);
            if (slot % 256 == 0 && !progress.update(slot, geometry.segments())) {
                throw new EngineException(ErrorCode.CANCELLED, "opening was cancelled; nothing was changed");
            }
        }
        choose();
        searchForHidden();
        if (scanner.unreadBlocks > 0 && !isClosedCleanly()) {
            throw new EngineException(
                    ErrorCode.IO,
                    device.name() + ": " + scanner.unreadBlocks + " blocks can't be read, and the newest data may be"
                            + " among them. Nothing was changed. Check the cable and try again.");
        }
        resolve();
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
        Fingerprint now = Fingerprint.measure(backing);
        Fingerprint then = checkpoint().fingerprint();
        Set<Long> changed = new HashSet<>();
        for (int i = 0; i < Math.min(now.blocks(), then.blocks()); i++) {
            if (!then.isUnknown(i) && then.crc(i) != now.crc(i)) {
                changed.add(now.addressOf(i, backing.sizeBytes()));
            }
        }
        return changed;
    }

    /** The checksum of a block of the backing device as it is now. */
    public static int blockCrc(BlockDevice backing, long address) throws IOException {
        ByteBuffer block = Blocks.allocate(1);
        backing.read(address * BLOCK_BYTES, block);
        return new Crc().of(block, 0, BLOCK_BYTES);
    }

    /** After a clean stop the end of the log is on record: a block that can't be read hides nothing behind it. */
    private boolean isClosedCleanly() {
        long newestFound = chosen.length == 0 ? 0 : scanner.found.seq(chosen[chosen.length - 1]);
        return checkpoint().clean() && newestFound <= checkpoint().marks().durable();
    }

    /** Keeps the entries of a header that the chain reached. Nothing else claims their positions. */
    private void remember(ChunkHeader header, int position) {
        apply(header.seq(), header.entries(), position);
    }

    private void apply(long seq, ChunkHeader.Entries from, int position) {
        int data = position + 1;
        List<RangeEntry> ranges = new ArrayList<>();
        for (int i = 0; i < from.count(); i++) {
            if (EntryKind.isRange(from.kind(i))) {
                ranges.add(
                        new RangeEntry(seq, data - position - 1, from.address(i), from.lengthBlocks(i), from.kind(i)));
            } else {
                entries.set(data++, from.address(i), from.kind(i), from.valid(i), from.dirty(i), from.crc(i));
            }
        }
        rangesByPlace.remove(position);
        if (!ranges.isEmpty()) {
            rangesByPlace.put(position, ranges);
        }
    }

    /** Picks the chunks that count, and finds the end of their unbroken sequence. */
    private void choose() {
        chosen = scanner.found.chosen(scanner.incarnations, scanner.marks.oldest());
        lastSeq = scanner.marks.oldest() - 1;
        for (int i : chosen) {
            if (scanner.found.seq(i) == lastSeq + 1) {
                lastSeq++;
            }
        }
    }

    /** A bad header hides the chunks behind it; they are looked for where it matters. */
    private void searchForHidden() {
        boolean found = true;
        while (found) {
            found = false;
            if (lastSeq < scanner.marks.durable()) {
                for (int slot = 0; slot < geometry.segments(); slot++) {
                    found |= search(slot);
                }
            } else {
                found = searchBehindEnd();
            }
            if (found) {
                choose();
            }
        }
    }

    private boolean search(int slot) {
        return scanner.mayHideChunks(slot) && scanner.searchSegment(slot);
    }

    private boolean searchBehindEnd() {
        int head = 0;
        for (int i : chosen) {
            if (scanner.found.seq(i) == lastSeq) {
                head = scanner.found.place(i) / geometry.segmentBlocks();
            }
        }
        if (chosen.length == 0) {
            head = scanner.maxSegmentId == 0 ? 0 : geometry.slotOf(scanner.maxSegmentId);
        }
        boolean found = search(head);
        int left = SEARCHED_BEHIND_END;
        for (int i = 1; i < geometry.segments() && left > 0; i++) {
            int slot = (head + i) % geometry.segments();
            if (scanner.beginsWithoutHeader(slot)) {
                found |= search(slot);
                left--;
            }
        }
        return found;
    }

    /** Goes through the chunks in order, up to the end of the log, and notes where each lies. */
    private void resolve() throws IOException {
        Map<Long, ChunkHeader> mended = new HashMap<>();
        long oldest = mendGaps(mended);
        scanner.marks = new Marks(scanner.marks.durable(), scanner.marks.tail(), oldest);
        segments.release(oldest);
        int next = 0;
        for (long seq = oldest; ; seq++) {
            while (next < chosen.length && scanner.found.seq(chosen[next]) < seq) {
                next++;
            }
            boolean present = next < chosen.length && scanner.found.seq(chosen[next]) == seq;
            ChunkHeader after = mended.get(seq);
            if (!present && after != null) {
                acceptCopy(seq, after.previous());
            } else if (!present || !accept(chosen[next])) {
                lastSeq = seq - 1;
                break;
            }
        }
        readNewest();
        useRoomOfFound(oldest);
        segments.setMaxId(scanner.maxSegmentId);
    }

    private void acceptCopy(long seq, ChunkHeader.Previous copy) {
        int position = geometry.position(geometry.slotOf(copy.segmentId()), copy.offset());
        apply(seq, copy.entries(), position);
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
            sink.chunk(
                    seq,
                    position + 1,
                    segments.endOf(slot, offset) - offset - 1,
                    rangesByPlace.getOrDefault(position, List.of()));
        }
    }

    /** Takes a chunk that was found, if it counts. */
    private boolean accept(int i) throws IOException {
        int position = scanner.found.place(i);
        long seq = scanner.found.seq(i);
        if (scanner.found.bySearch(i)) {
            apply(seq, readAgain(position).entries(), position);
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

    private void take(long seq, long segmentId, int position, int dataBlocks) {
        segments.add(segmentId, position % geometry.segmentBlocks(), dataBlocks, seq);
        if (seq <= scanner.marks.tail()) {
            for (int i = 0; i < dataBlocks; i++) {
                entries.setClean(position + 1 + i);
            }
        }
    }

    /** Finds the copies of chunks whose header is gone. Returns where the log begins. */
    private long mendGaps(Map<Long, ChunkHeader> mended) throws IOException {
        long oldest = scanner.marks.oldest();
        long expected = oldest;
        for (int i : chosen) {
            long seq = scanner.found.seq(i);
            for (long gap = expected; gap < seq && gap <= scanner.marks.durable(); gap++) {
                Optional<ChunkHeader> after =
                        gap == seq - 1 ? scanner.readHeader(scanner.found.place(i)) : Optional.empty();
                oldest = mendGap(gap, after, mended, oldest);
            }
            expected = Math.max(expected, seq + 1);
        }
        for (long gap = expected; gap <= scanner.marks.durable(); gap++) {
            oldest = mendGap(gap, Optional.empty(), mended, oldest);
        }
        return oldest;
    }

    private long mendGap(long gap, Optional<ChunkHeader> after, Map<Long, ChunkHeader> mended, long oldest)
            throws EngineException {
        if (after.isPresent() && after.get().previous().entries().count() > 0) {
            mended.put(gap, after.get());
            findings.add("The header of chunk " + gap + " (segment "
                    + after.get().previous().segmentId() + ") is damaged; it is known from its copy, nothing is lost.");
            return oldest;
        }
        if (gap > scanner.marks.tail()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": chunk " + gap
                            + " of the log, which held acknowledged data, is gone with its copy."
                            + " Nothing was changed, and the disk must not be used without it. Check the cable; if it"
                            + " stays so, save what is intact before anything else.");
        }
        findings.add("Chunk " + gap + " is damaged; only cached copies of what is on the disk are lost.");
        return gap + 1;
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

    /** Rooms that hold a chunk of the log, though another copy of it counts, are not free. */
    private void useRoomOfFound(long oldest) {
        for (int i = 0; i < scanner.found.size(); i++) {
            long seq = scanner.found.seq(i);
            if (seq >= oldest && seq <= lastSeq) {
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
     * @param forget whether what the log holds, which must be clean, no longer counts
     * @throws IOException if a device refuses; nothing may be served then
     */
    public void finish(Log log, BlockDevice backing, boolean forget) throws IOException {
        device.sync();
        backing.sync();
        Marks marks = scanner.marks;
        log.checkpoint(forget ? lastSeq : marks.tail(), forget ? lastSeq + 1 : marks.oldest(), false);
    }
}
