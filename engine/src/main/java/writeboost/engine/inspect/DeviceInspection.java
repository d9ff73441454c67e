package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.BlockHistory.Version;
import writeboost.engine.inspect.CacheSummary.CheckpointInfo;
import writeboost.engine.log.Checkpoint;
import writeboost.engine.log.CheckpointSlot;
import writeboost.engine.log.ChunkHeader;
import writeboost.engine.log.ChunkHeader.Entries;
import writeboost.engine.log.FoundChunks;
import writeboost.engine.log.LogScanner;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.log.Superblock;

/** Looks at a cache through its device. */
final class DeviceInspection implements Inspection {
    private final BlockDevice device;
    private final Superblock superblock;
    private final boolean served;
    private final LogPicture picture;
    private final List<SegmentInfo> segments;
    private final EntryReader entries;

    DeviceInspection(BlockDevice device, Superblock superblock, boolean served, Progress progress) throws IOException {
        this.device = device;
        this.superblock = superblock;
        this.served = served;
        picture = LogPicture.take(device, superblock, served, progress);
        segments = new SegmentLister(picture).list();
        entries = new EntryReader(picture);
    }

    @Override
    public CacheSummary summary() {
        List<CheckpointInfo> slots = new ArrayList<>();
        for (CheckpointSlot slot : new LogScanner(device, superblock).readCheckpointSlots()) {
            slots.add(describe(slot));
        }
        long dirty = 0;
        long clean = 0;
        long superseded = 0;
        long lost = 0;
        int damaged = 0;
        for (int i = 0; i < picture.chunks.size(); i++) {
            lost += picture.countOf(i, EntryState.LOST);
            damaged += picture.chunks.source(i) == ChunkList.Source.HEADER ? 0 : 1;
        }
        for (SegmentInfo s : segments) {
            dirty += s.dirtyBlocks();
            clean += s.cleanBlocks();
            superseded += s.supersededBlocks();
        }
        int last = picture.chunks.size() - 1;
        return new CacheSummary(
                device.name(),
                served,
                superblock.cacheUuid(),
                superblock.pairUuid(),
                superblock.formattedMs(),
                superblock.cache().sizeBytes(),
                superblock.cache().stableName(),
                superblock.cache().serial(),
                superblock.backing().sizeBytes(),
                superblock.backing().stableName(),
                superblock.backing().serial(),
                picture.geometry.segmentBlocks(),
                picture.geometry.segments(),
                picture.geometry.capacityBlocks(),
                Superblock.badCopies(device).stream()
                        .map(b -> "the copy at byte " + b.byteOffset() + " " + b.what())
                        .toList(),
                slots.stream()
                        .filter(c -> c.state().equals("valid"))
                        .max(Comparator.comparingLong(CheckpointInfo::generation))
                        .orElse(null),
                slots,
                picture.marks.durable(),
                picture.marks.tail(),
                picture.marks.oldest(),
                picture.lastSeq(),
                last < 0 ? 0 : picture.chunks.segmentId(last),
                picture.chunks.size(),
                dirty + clean,
                dirty,
                clean,
                lost,
                superseded,
                picture.ranges.liveCount(),
                damaged);
    }

    private static CheckpointInfo describe(CheckpointSlot slot) {
        Checkpoint c = slot.checkpoint();
        if (c == null) {
            String state = slot.bytes() == null ? "unreadable" : slot.isZero() ? "empty" : "damaged";
            return new CheckpointInfo(slot.index(), slot.byteOffset(), state, 0, 0, 0, 0, 0, 0, 0, false);
        }
        return new CheckpointInfo(
                slot.index(),
                slot.byteOffset(),
                "valid",
                c.generation(),
                c.incarnation(),
                c.firstSeq(),
                c.marks().durable(),
                c.marks().tail(),
                c.marks().oldest(),
                c.wallTimeMs(),
                c.clean());
    }

    @Override
    public List<SegmentInfo> segments() {
        return segments;
    }

    @Override
    public Optional<SegmentContent> segment(long id) {
        if (id < 1) {
            return Optional.empty();
        }
        SegmentInfo segment = segments.get(picture.geometry.slotOf(id));
        if (segment.id() != id) {
            return Optional.empty();
        }
        List<ChunkInfo> chunks = new ArrayList<>();
        FoundChunks found = picture.survey.found();
        for (int i = 0; i < found.size(); i++) {
            if (found.segmentId(i) == id) {
                picture.survey.header(found.place(i)).ifPresent(h -> chunks.add(describe(h, picture.positionOf(h))));
            }
        }
        for (int i = 0; i < picture.chunks.size(); i++) {
            if (picture.chunks.source(i) == ChunkList.Source.COPY && picture.chunks.segmentId(i) == id) {
                chunks.add(describeCopy(i, picture.copyOf(i)));
            }
        }
        chunks.sort(Comparator.comparingInt(ChunkInfo::offset));
        return Optional.of(new SegmentContent(segment, chunks));
    }

    private ChunkInfo describe(ChunkHeader h, int place) {
        int chunk = picture.liveAt(h.seq(), place);
        return new ChunkInfo(
                h.seq(),
                stateOf(h, chunk),
                h.offset(),
                h.dataBlocks(),
                h.incarnation(),
                h.firstSeq(),
                h.marks().durable(),
                h.marks().tail(),
                h.marks().oldest(),
                h.generation(),
                h.wallTimeMs(),
                h.reason().name().toLowerCase(Locale.ROOT),
                h.flushPoint(),
                entries.read(h.entries(), chunk, place, (address, length) -> true));
    }

    private ChunkInfo describeCopy(int i, Entries copy) {
        return new ChunkInfo(
                picture.chunks.seq(i),
                ChunkInfo.State.HEADER_DAMAGED,
                picture.offsetOf(picture.chunks.place(i)),
                picture.chunks.dataBlocks(i),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "unknown",
                false,
                entries.read(copy, i, picture.chunks.place(i), (address, length) -> true));
    }

    private ChunkInfo.State stateOf(ChunkHeader h, int chunk) {
        if (chunk >= 0) {
            return ChunkInfo.State.LIVE;
        }
        if (h.seq() < picture.marks.oldest()) {
            return ChunkInfo.State.DEAD;
        }
        if (picture.survey.isVoid(h.incarnation(), h.seq())) {
            return ChunkInfo.State.VOID;
        }
        return h.seq() <= picture.lastSeq() ? ChunkInfo.State.REPLACED : ChunkInfo.State.BEHIND_END;
    }

    @Override
    public BlockHistory block(long address, Progress progress) throws IOException {
        List<Version> versions = new ArrayList<>();
        LogScanner scanner = new LogScanner(device, superblock);
        for (int slot = 0; slot < picture.geometry.segments(); slot++) {
            scanner.scanSegment(slot, (h, place) -> addVersions(h, place, address, versions));
            if (slot % 256 == 0 && !progress.update(slot, picture.geometry.segments())) {
                throw new EngineException(ErrorCode.CANCELLED, "inspecting was cancelled");
            }
        }
        FoundChunks found = picture.survey.found();
        for (int i = 0; i < found.size(); i++) {
            if (found.bySearch(i)) {
                int place = found.place(i);
                picture.survey.header(place).ifPresent(h -> addVersions(h, place, address, versions));
            }
        }
        addFromCopies(address, versions);
        progress.update(1, 1);
        versions.sort(Comparator.comparing((Version v) -> v.entry().state() == EntryState.DEAD)
                .thenComparing(Version::seq, Comparator.reverseOrder())
                .thenComparing(Version::segmentId, Comparator.reverseOrder())
                .thenComparing(v -> !v.counts()));
        return new BlockHistory(address, address * BLOCK_BYTES, BlockAnswer.of(picture, address, versions), versions);
    }

    private void addVersions(ChunkHeader h, int place, long address, List<Version> to) {
        int chunk = picture.liveAt(h.seq(), place);
        for (EntryInfo e : entries.read(h.entries(), chunk, place, covering(address))) {
            to.add(new Version(
                    h.seq(),
                    stateOf(h, chunk),
                    h.segmentId(),
                    picture.slotOf(place),
                    h.offset(),
                    h.incarnation(),
                    h.wallTimeMs(),
                    chunk >= 0 && counts(h.seq(), e, address),
                    e));
        }
    }

    private void addFromCopies(long address, List<Version> to) {
        for (int i = 0; i < picture.chunks.size(); i++) {
            if (picture.chunks.source(i) != ChunkList.Source.COPY) {
                continue;
            }
            int place = picture.chunks.place(i);
            for (EntryInfo e : entries.read(picture.copyOf(i), i, place, covering(address))) {
                to.add(new Version(
                        picture.chunks.seq(i),
                        ChunkInfo.State.HEADER_DAMAGED,
                        picture.chunks.segmentId(i),
                        picture.slotOf(place),
                        picture.offsetOf(place),
                        0,
                        0,
                        counts(picture.chunks.seq(i), e, address),
                        e));
            }
        }
    }

    private static EntryReader.Filter covering(long address) {
        return (from, length) -> address >= from && address < from + length;
    }

    /** Whether it is what the log says of a block. */
    private boolean counts(long seq, EntryInfo e, long address) {
        if (e.offset() != null) {
            return e.state() != EntryState.SUPERSEDED;
        }
        RangeEntry over = picture.rangeThatCounts(address);
        return over != null && over.seq() == seq && over.address() == e.address();
    }
}
