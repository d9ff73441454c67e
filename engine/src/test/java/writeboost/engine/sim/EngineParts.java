package writeboost.engine.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.ChunkInfo;
import writeboost.engine.inspect.EntryInfo;
import writeboost.engine.inspect.EntryState;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.inspect.SegmentInfo;

/** What of a cache device counts, so that its damage must be noticed and must do no more harm than it has to. */
final class EngineParts {
    private final List<Subject.Part> parts = new ArrayList<>();
    /** Seqs of chunks that were written again: the older copy, if it is whole, does as well. */
    private final Set<Long> replaced = new HashSet<>();

    private final CacheSummary summary;
    private final int segmentBlocks;

    private EngineParts(CacheSummary summary, int segmentBlocks) {
        this.summary = summary;
        this.segmentBlocks = segmentBlocks;
    }

    static List<Subject.Part> of(Inspection inspection, int segmentBlocks, long blocks) throws IOException {
        EngineParts found = new EngineParts(inspection.summary(), segmentBlocks);
        Map<Integer, List<ChunkInfo>> chunksBySlot = new TreeMap<>();
        for (SegmentInfo segment : inspection.segments()) {
            if (segment.id() > 0) {
                inspection
                        .segment(segment.id())
                        .ifPresent(content -> chunksBySlot.put(segment.slot(), content.chunks()));
            }
        }
        chunksBySlot.values().stream().flatMap(List::stream).forEach(chunk -> {
            if (chunk.state() == ChunkInfo.State.REPLACED) {
                found.replaced.add(chunk.seq());
            }
        });
        chunksBySlot.forEach((slot, chunks) -> chunks.forEach(chunk -> found.chunk(slot, chunk)));
        found.checkpoints();
        if (found.summary.badSuperblocks().isEmpty()) {
            for (long at : new long[] {0, (blocks - 1) * LogMap.BLOCK}) {
                found.add(FaultKind.ROT_SUPERBLOCK, at);
                found.add(FaultKind.ROT_SUPERBLOCKS, at);
            }
        }
        return found.parts;
    }

    /** Every chunk on the device, and the marks. */
    static String describe(Inspection inspection) throws IOException {
        CacheSummary summary = inspection.summary();
        StringBuilder text = new StringBuilder(String.format(
                "%n  durable %d, tail %d, oldest %d, last %d%n",
                summary.durable(), summary.tail(), summary.oldest(), summary.lastSeq()));
        for (SegmentInfo segment : inspection.segments()) {
            if (segment.id() > 0) {
                inspection
                        .segment(segment.id())
                        .ifPresent(content -> content.chunks()
                                .forEach(chunk -> text.append(String.format(
                                        "  slot %d, segment %d, block %d: seq %d, incarnation %d, %d blocks, %s%n",
                                        segment.slot(),
                                        segment.id(),
                                        chunk.offset(),
                                        chunk.seq(),
                                        chunk.incarnation(),
                                        chunk.dataBlocks(),
                                        chunk.state()))));
            }
        }
        return text.toString();
    }

    private void add(FaultKind kind, long offsetBytes) {
        parts.add(new Subject.Part(kind, offsetBytes, -1, 0));
    }

    private long at(int slot, int offset) {
        return (LogMap.FIRST_SEGMENT_BLOCK + (long) slot * segmentBlocks + offset) * LogMap.BLOCK;
    }

    /** Above durable, what does not fit is an ordinary torn end: damage there can't be told from it. */
    private void chunk(int slot, ChunkInfo chunk) {
        if (chunk.state() != ChunkInfo.State.LIVE || chunk.seq() > summary.durable()) {
            return;
        }
        if (chunk.seq() < summary.lastSeq()) {
            add(FaultKind.ROT_HEADER, at(slot, chunk.offset()));
        } else if (chunk.seq() > summary.tail() && chunk.seq() <= recorded() && !replaced.contains(chunk.seq())) {
            add(FaultKind.ROT_LAST_HEADER, at(slot, chunk.offset()));
        }
        for (EntryInfo entry : chunk.entries()) {
            if (entry.data() == EntryInfo.Data.OK) {
                long at = at(slot, Objects.requireNonNull(entry.offset()));
                if (entry.state() == EntryState.DIRTY) {
                    parts.add(new Subject.Part(FaultKind.ROT_DIRTY, at, entry.address(), entry.dirty()));
                } else if (entry.state() == EntryState.CLEAN) {
                    parts.add(new Subject.Part(FaultKind.ROT_CLEAN, at, entry.address(), 0));
                }
            }
        }
    }

    private long recorded() {
        CacheSummary.CheckpointInfo newest = summary.checkpoint();
        return newest == null ? 0 : newest.durable();
    }

    /** The copies of the newest generation, if there are two; and all that are valid. */
    private void checkpoints() {
        CacheSummary.CheckpointInfo newest = summary.checkpoint();
        List<CacheSummary.CheckpointInfo> valid = summary.checkpoints().stream()
                .filter(c -> c.state().equals("valid"))
                .toList();
        List<CacheSummary.CheckpointInfo> copies = valid.stream()
                .filter(c -> newest != null && c.generation() == newest.generation())
                .toList();
        if (copies.size() == 2) {
            copies.forEach(c -> add(FaultKind.ROT_CHECKPOINT, c.byteOffset()));
        }
        valid.forEach(c -> add(FaultKind.ROT_CHECKPOINTS, c.byteOffset()));
    }
}
