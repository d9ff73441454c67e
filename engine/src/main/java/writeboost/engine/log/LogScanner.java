package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * Reads what a cache device says of its log: checkpoints and chunk headers; writes nothing. Of each segment the first
 * header is read and those that follow on; a segment in which this chain breaks can be searched block by block.
 *
 * <p>One thread.
 */
public final class LogScanner {
    /** A passing read error is not damage: this often a read is tried. */
    private static final int READ_ATTEMPTS = 3;

    private final BlockDevice device;
    private final UUID cacheUuid;
    private final Geometry geometry;
    private final ByteBuffer block = Blocks.allocate(1);
    private final ByteBuffer segment;
    private final Crc crc = new Crc();
    private final BitSet searched = new BitSet();
    private final BitSet searchedWhole = new BitSet();

    /** The offset at which the chain of a slot broke. */
    private final short[] chainEnd;

    final FoundChunks found = new FoundChunks();
    final Incarnations incarnations = new Incarnations();
    /** Positions where a header may be that can't be read. */
    final BitSet unread = new BitSet();

    final List<Checkpoint> checkpoints = new ArrayList<>();
    Marks marks = new Marks(0, 0, 1);
    long maxSegmentId;

    /** Makes a scanner of a device that carries this superblock. */
    public LogScanner(BlockDevice device, Superblock superblock) {
        this.device = device;
        cacheUuid = superblock.cacheUuid();
        geometry = superblock.geometry();
        segment = Blocks.allocate(geometry.segmentBlocks());
        chainEnd = new short[geometry.segments()];
    }

    /** Receives headers as they are found. */
    @FunctionalInterface
    public interface Sink {
        /** A valid header; {@code position} is that of the header block. */
        void header(ChunkHeader header, int position);
    }

    /** The largest marks that what was read so far names. */
    public Marks marks() {
        return marks;
    }

    /** Reads the checkpoint slots as they are. */
    public List<CheckpointSlot> readCheckpointSlots() {
        List<CheckpointSlot> slots = new ArrayList<>();
        for (int k = 0; k < Geometry.CHECKPOINT_SLOTS; k++) {
            ByteBuffer bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
            long at = Geometry.checkpointByteOffset(k);
            boolean read = read(at, bytes);
            Checkpoint c = read ? Checkpoint.decode(cacheUuid, bytes, crc).orElse(null) : null;
            slots.add(new CheckpointSlot(k, at, read ? bytes.rewind() : null, c));
        }
        return slots;
    }

    /**
     * Reads the checkpoint slots; valid ones only, the newest first.
     *
     * @throws EngineException IO if the newest that took effect may be in slots that can't be read
     */
    public List<Checkpoint> readCheckpoints() throws EngineException {
        List<CheckpointSlot> slots = readCheckpointSlots();
        for (int k = 0; k < slots.size(); k += 2) {
            addCheckpoints(slots.get(k), slots.get(k + 1));
        }
        checkpoints.sort((a, b) -> Long.compare(b.generation(), a.generation()));
        for (Checkpoint c : checkpoints) {
            marks = marks.max(c.marks());
            incarnations.addAll(c.incarnations());
            incarnations.add(c.incarnation(), c.firstSeq());
        }
        return checkpoints;
    }

    /** One copy of a generation suffices, since nothing takes effect before both are durable. */
    private void addCheckpoints(CheckpointSlot slot, CheckpointSlot other) throws EngineException {
        int before = checkpoints.size();
        for (CheckpointSlot s : List.of(slot, other)) {
            if (s.checkpoint() != null) {
                checkpoints.add(s.checkpoint());
            }
        }
        if ((slot.bytes() == null || other.bytes() == null) && checkpoints.size() == before) {
            throw new EngineException(
                    ErrorCode.IO,
                    device.name() + ": the checkpoint at byte " + slot.byteOffset()
                            + " can't be read, nor its copy behind it. Nothing was changed. Check the cable and try again.");
        }
    }

    /** Follows the chain of headers from the beginning of a segment. */
    public void scanSegment(int slot, Sink sink) {
        long id = 0;
        int offset = 0;
        boolean whole = false;
        boolean wholeFailed = false;
        while (offset < geometry.segmentBlocks()) {
            ByteBuffer from = whole ? segment : block;
            int at = whole ? offset * BLOCK_BYTES : 0;
            if (!whole && !readBlock(geometry.position(slot, offset), from)) {
                break;
            }
            Optional<ChunkHeader> header = ChunkHeader.decode(from, at, cacheUuid, geometry, slot, offset, crc);
            if (header.isEmpty() || (id != 0 && header.get().segmentId() != id)) {
                break;
            }
            id = header.get().segmentId();
            accept(header.get(), slot, false, sink);
            offset += 1 + header.get().dataBlocks();
            if (!whole && !wholeFailed && offset < geometry.segmentBlocks() / 4) {
                // Small chunks: one large read instead of one for each header. If it fails, perhaps for bad data, the
                // headers are still read one by one.
                whole = read(geometry.byteOffset(geometry.position(slot, 0)), segment.clear());
                wholeFailed = !whole;
            }
        }
        chainEnd[slot] = (short) offset;
    }

    /** Whether the chain of a slot ended before the end of the segment, and it was not searched yet. */
    boolean mayHideChunks(int slot) {
        return chainEnd[slot] < geometry.segmentBlocks() && !searched.get(slot);
    }

    int chainEnd(int slot) {
        return chainEnd[slot];
    }

    /** Looks at every block of a segment behind the end of its chain. Returns whether a header was found. */
    boolean searchSegment(int slot) {
        return search(slot, chainEnd[slot]);
    }

    /** As {@link #searchSegment}, but also between the headers of its chain. */
    boolean searchWholeSegment(int slot) {
        if (searchedWhole.get(slot)) {
            return false;
        }
        searchedWhole.set(slot);
        return search(slot, 0);
    }

    private boolean search(int slot, int from) {
        int end = searched.get(slot) ? chainEnd[slot] : geometry.segmentBlocks();
        searched.set(slot);
        boolean any = false;
        boolean whole = read(geometry.byteOffset(geometry.position(slot, 0)), segment.clear());
        int nextOfChain = 0;
        for (int offset = from; offset < end; offset++) {
            if (!whole && !readBlock(geometry.position(slot, offset), block)) {
                continue;
            }
            Optional<ChunkHeader> header = ChunkHeader.decode(
                    whole ? segment : block, whole ? offset * BLOCK_BYTES : 0, cacheUuid, geometry, slot, offset, crc);
            if (header.isPresent() && offset == nextOfChain && offset < chainEnd[slot]) {
                nextOfChain += 1 + header.get().dataBlocks(); // found before
            } else if (header.isPresent()) {
                accept(header.get(), slot, true, (h, position) -> {});
                any = true;
            }
        }
        return any;
    }

    private void accept(ChunkHeader header, int slot, boolean bySearch, Sink sink) {
        int position = geometry.position(slot, header.offset());
        found.add(header, position, previousPosition(header.previous()), bySearch);
        marks = marks.max(header.marks());
        incarnations.add(header.incarnation(), header.firstSeq());
        maxSegmentId = Math.max(maxSegmentId, header.segmentId());
        sink.header(header, position);
    }

    private int previousPosition(ChunkHeader.Previous previous) {
        return previous.entries().count() == 0
                ? -1
                : geometry.position(geometry.slotOf(previous.segmentId()), previous.offset());
    }

    /** Reads one header again. */
    Optional<ChunkHeader> readHeader(int position) {
        if (!readBlock(position, block)) {
            return Optional.empty();
        }
        int slot = position / geometry.segmentBlocks();
        int offset = position % geometry.segmentBlocks();
        return ChunkHeader.decode(block, 0, cacheUuid, geometry, slot, offset, crc);
    }

    private boolean readBlock(int position, ByteBuffer into) {
        if (read(geometry.byteOffset(position), into.clear().limit(BLOCK_BYTES))) {
            return true;
        }
        unread.set(position);
        return false;
    }

    /** Reads data blocks. */
    void readData(int firstPosition, ByteBuffer into) throws IOException {
        if (!read(geometry.byteOffset(firstPosition), into)) {
            throw new IOException(
                    device.name() + ": the newest data, in slot " + firstPosition / geometry.segmentBlocks()
                            + ", can't be read. Nothing was changed. Check the cable and try again.");
        }
    }

    /** Reads; a lasting error is told by false. */
    private boolean read(long byteOffset, ByteBuffer into) {
        int start = into.position();
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            try {
                device.read(byteOffset, into.position(start));
                return true;
            } catch (IOException e) {
                // Tried again; what it means if that does not help, the caller knows.
            }
        }
        return false;
    }
}
