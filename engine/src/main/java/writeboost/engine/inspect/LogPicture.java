package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.RangeSet;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Checkpoint;
import writeboost.engine.log.ChunkHeader;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.FoundChunks;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.LogContent;
import writeboost.engine.log.LogSurvey;
import writeboost.engine.log.Marks;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.log.Superblock;

/**
 * The log of a device as opening it would find it: which chunks count, what they hold, which entry of each block is the one
 * that counts. Where opening would refuse a damaged log, this goes on and shows what is there.
 *
 * <p>Of a log that is being written it holds what was durable; see {@link LogSurvey#scan}. One thread.
 */
final class LogPicture {
    final BlockDevice device;
    final Geometry geometry;
    final long diskBlocks;
    final LogSurvey survey;
    final List<Checkpoint> checkpoints;
    final LogContent content;
    final EntryTable entries;
    final Marks marks;
    final ChunkList chunks;
    final NewestEntries newest;
    final RangeSet ranges = new RangeSet();
    private final Map<Long, ChunkHeader.Previous> copies = new HashMap<>();
    private long namedGeneration;

    private LogPicture(BlockDevice device, Superblock superblock, boolean moving, Progress progress)
            throws IOException {
        this.device = device;
        geometry = superblock.geometry();
        diskBlocks = superblock.diskBlocks();
        survey = new LogSurvey(device, superblock);
        checkpoints = survey.readCheckpoints();
        content = new LogContent(geometry);
        entries = content.entries();
        survey.scan(moving, this::remember, progress::update);
        marks = survey.marks();
        chunks = new ChunkList(marks.oldest());
        collect(moving);
        long blocks = 0;
        for (int i = 0; i < chunks.size(); i++) {
            blocks += chunks.dataBlocks(i);
        }
        newest = new NewestEntries(entries, blocks);
        index();
    }

    /**
     * Reads the headers of a device.
     *
     * @param moving whether the log is being written meanwhile
     */
    static LogPicture take(BlockDevice device, Superblock superblock, boolean moving, Progress progress)
            throws IOException {
        return new LogPicture(device, superblock, moving, progress);
    }

    private void remember(ChunkHeader header, int position) {
        content.apply(header.seq(), header.entries(), position);
        namedGeneration = Math.max(namedGeneration, header.generation());
    }

    private void collect(boolean moving) throws IOException {
        FoundChunks found = survey.found();
        int[] chosen = survey.chosen();
        copies.putAll(survey.mended(seq -> {}));
        int next = 0;
        for (long seq = marks.oldest(); ; seq++) {
            while (next < chosen.length && found.seq(chosen[next]) < seq) {
                next++;
            }
            boolean known = seq <= marks.durable();
            ChunkHeader.Previous copy = copies.get(seq);
            if (copy != null) {
                takeCopy(seq, copy);
            } else if (next < chosen.length && found.seq(chosen[next]) == seq) {
                if (!known && (moving || !continues(chosen[next]))) {
                    return;
                }
                take(chosen[next]);
            } else if (known) {
                chunks.add(ChunkList.Source.NONE, 0, -1, 0);
            } else {
                return;
            }
        }
    }

    private void take(int i) {
        FoundChunks found = survey.found();
        int place = found.place(i);
        if (found.bySearch(i)) {
            survey.header(place).ifPresent(h -> content.apply(h.seq(), h.entries(), place));
        }
        chunks.add(ChunkList.Source.HEADER, found.segmentId(i), place, found.dataBlocks(i));
    }

    private void takeCopy(long seq, ChunkHeader.Previous copy) {
        int place = geometry.position(geometry.slotOf(copy.segmentId()), copy.offset());
        content.apply(seq, copy.entries(), place);
        chunks.add(ChunkList.Source.COPY, copy.segmentId(), place, copy.dataBlocks());
    }

    /** Whether a chunk above durable fits whole, so that it belongs to the log. */
    private boolean continues(int i) {
        FoundChunks found = survey.found();
        if (found.bySearch(i)) {
            Optional<ChunkHeader> h = survey.header(found.place(i));
            if (h.isEmpty()) {
                return false;
            }
            content.apply(h.get().seq(), h.get().entries(), found.place(i));
        }
        Crc crc = new Crc();
        for (int p = found.place(i) + 1; p <= found.place(i) + found.dataBlocks(i); p++) {
            Boolean fits = dataFits(p, crc);
            if (fits == null || !fits) {
                return false;
            }
        }
        return true;
    }

    /** Reads one data block. Whether it has its checksum; null if it can't be read. */
    @Nullable Boolean dataFits(int position, Crc crc) {
        ByteBuffer block = Blocks.allocate(1);
        try {
            device.read(geometry.byteOffset(position), block);
        } catch (IOException e) {
            return null;
        }
        return crc.of(block, 0, BLOCK_BYTES) == entries.crc(position);
    }

    private void index() {
        for (int i = 0; i < chunks.size(); i++) {
            int place = chunks.place(i);
            if (place < 0) {
                continue;
            }
            List<RangeEntry> its = content.rangesAt(place);
            int next = 0;
            for (int data = 0; data <= chunks.dataBlocks(i); data++) {
                while (next < its.size() && its.get(next).dataBefore() == data) {
                    RangeEntry range = its.get(next++);
                    if (range.endAddress() <= diskBlocks) {
                        ranges.add(range, marks.tail());
                    }
                }
                if (data < chunks.dataBlocks(i)) {
                    newest.put(place + 1 + data);
                }
            }
        }
    }

    /** The highest generation of checkpoints that a chunk of the log names; at least the given one. */
    long highestNamedGeneration(long atLeast) {
        return Math.max(atLeast, namedGeneration);
    }

    /** Blocks that count and are not on the backing device, lost ones included. */
    long dirtyBlocks() {
        long dirty = 0;
        for (int i = 0; i < chunks.size(); i++) {
            dirty += countOf(i, EntryState.DIRTY) + countOf(i, EntryState.LOST);
        }
        return dirty;
    }

    /** How many entries of blocks of a chunk are in a state. */
    int countOf(int i, EntryState state) {
        int count = 0;
        for (int p = chunks.place(i) + 1; p <= chunks.place(i) + chunks.dataBlocks(i); p++) {
            count += stateOf(i, p) == state ? 1 : 0;
        }
        return count;
    }

    /** Whether headers up to durable are missing. */
    int gaps() {
        int gaps = 0;
        for (int i = 0; i < chunks.size(); i++) {
            gaps += chunks.source(i) == ChunkList.Source.HEADER ? 0 : 1;
        }
        return gaps;
    }

    /** The highest seq of all headers that were found, whether or not they count. */
    long newestFound() {
        long newest = 0;
        for (int i = 0; i < survey.found().size(); i++) {
            newest = Math.max(newest, survey.found().seq(i));
        }
        return newest;
    }

    long lastSeq() {
        return marks.oldest() - 1 + chunks.size();
    }

    /** The chunk whose header lies at a position and is intact, if it has this seq and is part of the log; else -1. */
    int liveAt(long seq, int position) {
        int i = chunks.indexOf(seq);
        boolean live = i >= 0 && chunks.place(i) == position && chunks.source(i) == ChunkList.Source.HEADER;
        return live ? i : -1;
    }

    /** The entries of a chunk that is known from its copy. */
    ChunkHeader.Entries copyOf(int i) {
        return Objects.requireNonNull(copies.get(chunks.seq(i)), "a copy").entries();
    }

    int positionOf(ChunkHeader header) {
        return geometry.position(geometry.slotOf(header.segmentId()), header.offset());
    }

    /** The range that is all that the log says of a block, or null. */
    @Nullable RangeEntry rangeThatCounts(long address) {
        int position = newest.find(address);
        return position >= 0 && stateOf(position) != EntryState.SUPERSEDED ? null : ranges.over(address);
    }

    int slotOf(int position) {
        return position / geometry.segmentBlocks();
    }

    int offsetOf(int position) {
        return position % geometry.segmentBlocks();
    }

    /** What a live entry of a block is worth. */
    EntryState stateOf(int position) {
        int i = chunks.at(position);
        if (i < 0) {
            return EntryState.DEAD;
        }
        return stateOf(i, position);
    }

    /** As {@link #stateOf(int)}, of a position in chunk number i. */
    EntryState stateOf(int i, int position) {
        long address = entries.address(position);
        if (address >= diskBlocks) {
            return EntryState.BEYOND;
        }
        if (newest.find(address) != position || isHidden(position, chunks.seq(i), position - chunks.place(i) - 1)) {
            return EntryState.SUPERSEDED;
        }
        if (entries.kind(position) == EntryKind.LOST) {
            return EntryState.LOST;
        }
        return entries.dirty(position) != 0 && chunks.seq(i) > marks.tail() ? EntryState.DIRTY : EntryState.CLEAN;
    }

    private boolean isHidden(int position, long seq, int data) {
        RangeEntry r = ranges.over(entries.address(position));
        return r != null && (r.seq() != seq ? r.seq() > seq : r.dataBefore() > data);
    }
}
