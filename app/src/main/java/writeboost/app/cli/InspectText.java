package writeboost.app.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.Sizes;
import writeboost.engine.inspect.BlockHistory;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.CacheSummary.CheckpointInfo;
import writeboost.engine.inspect.ChunkInfo;
import writeboost.engine.inspect.EntryInfo;
import writeboost.engine.inspect.SegmentContent;
import writeboost.engine.inspect.SegmentInfo;

/** What a cache device holds, for people. */
final class InspectText {
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCK_SECTORS = 8;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private InspectText() {}

    static List<String> lines(CacheSummary s, List<SegmentInfo> segments) {
        List<String> lines = new ArrayList<>();
        lines.add(s.device() + ": " + Sizes.format(s.cacheBytes()) + ", formatted " + time(s.formattedMs()));
        if (s.moving()) {
            lines.add("It is in use: this is a moving picture, of what was durable.");
        }
        add(lines, "pair", s.pairUuid() + ", cache " + s.cacheUuid());
        add(lines, "cache", device(s.cacheName(), s.cacheSerial(), s.cacheBytes()));
        add(lines, "backing", device(s.backingName(), s.backingSerial(), s.backingBytes()));
        s.badSuperblocks().forEach(bad -> add(lines, "DAMAGED", "superblock: " + bad));
        s.checkpoints().forEach(c -> add(lines, "slot " + c.slot(), checkpoint(c)));
        add(
                lines,
                "log",
                format(
                        "chunks %,d to %,d; durable %,d, tail %,d, oldest %,d; head is segment %,d",
                        s.oldest(), s.lastSeq(), s.durable(), s.tail(), s.oldest(), s.headSegment()));
        add(
                lines,
                "blocks",
                format(
                        "%,d dirty (%s), %,d clean, %,d superseded; %,d lost; %,d dirty ranges",
                        s.dirtyBlocks(),
                        Sizes.format(s.dirtyBlocks() * BLOCK_BYTES),
                        s.cleanBlocks(),
                        s.supersededBlocks(),
                        s.lostBlocks(),
                        s.dirtyRanges()));
        if (s.damagedHeaders() > 0) {
            add(lines, "DAMAGED", format("%,d headers; `writeboost verify` tells more", s.damagedHeaders()));
        }
        lines.add("");
        addSegments(lines, segments);
        return lines;
    }

    private static void addSegments(List<String> lines, List<SegmentInfo> segments) {
        lines.add(format(
                "%10s %8s %-6s %6s %21s %5s %6s %6s %6s",
                "segment", "slot", "state", "chunks", "numbers", "used", "dirty", "clean", "old"));
        int free = 0;
        for (SegmentInfo s : segments) {
            if (s.state() == SegmentInfo.State.FREE) {
                free++;
                continue;
            }
            lines.add(format(
                    "%10d %8d %-6s %6d %10d-%-10d %5d %6d %6d %6d%s",
                    s.id(),
                    s.slot(),
                    lower(s.state()),
                    s.liveChunks(),
                    s.firstSeq(),
                    s.lastSeq(),
                    s.usedBlocks(),
                    s.dirtyBlocks(),
                    s.cleanBlocks(),
                    s.supersededBlocks(),
                    s.damagedHeaders() == 0 ? "" : "  " + s.damagedHeaders() + " headers DAMAGED"));
        }
        lines.add(format("%,d of %,d segments are free.", free, segments.size()));
    }

    private static String checkpoint(CheckpointInfo c) {
        String where = format("byte %d: ", c.byteOffset());
        if (!c.state().equals("valid")) {
            return where + c.state();
        }
        return where
                + format(
                        "checkpoint %,d of %s, incarnation %,d from chunk %,d; durable %,d, tail %,d, oldest %,d%s",
                        c.generation(),
                        time(c.wallTimeMs()),
                        c.incarnation(),
                        c.firstSeq(),
                        c.durable(),
                        c.tail(),
                        c.oldest(),
                        c.clean() ? "; clean stop" : "");
    }

    static List<String> lines(SegmentContent content, CacheSummary summary) {
        SegmentInfo s = content.segment();
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "Segment %d in slot %d: %s; %d of %d blocks used, %d chunks in the log; %d blocks dirty, %d clean, %d"
                        + " superseded",
                s.id(),
                s.slot(),
                lower(s.state()),
                s.usedBlocks(),
                summary.segmentBlocks(),
                s.liveChunks(),
                s.dirtyBlocks(),
                s.cleanBlocks(),
                s.supersededBlocks()));
        for (ChunkInfo chunk : content.chunks()) {
            lines.add("");
            addChunk(lines, chunk);
        }
        return lines;
    }

    private static void addChunk(List<String> lines, ChunkInfo c) {
        lines.add(format(
                "block %d: chunk %d, %s; %d data blocks; incarnation %d from chunk %d",
                c.offset(), c.seq(), state(c.state()), c.dataBlocks(), c.incarnation(), c.firstSeq()));
        if (c.state() != ChunkInfo.State.HEADER_DAMAGED) {
            lines.add(format(
                    "  begun %s, closed by %s%s; durable %d, tail %d, oldest %d, checkpoint %d",
                    time(c.wallTimeMs()),
                    c.reason(),
                    c.flushPoint() ? " (flush point)" : "",
                    c.durable(),
                    c.tail(),
                    c.oldest(),
                    c.generation()));
        }
        lines.add(format(
                "  %5s %14s %-12s %-8s %-8s %-8s %-10s %s",
                "block", "disk block", "kind", "valid", "dirty", "crc", "data", "state"));
        for (EntryInfo e : c.entries()) {
            lines.add(entry(e));
        }
    }

    private static String entry(EntryInfo e) {
        if (e.offset() == null) {
            return format(
                    "  %5s %14d %-12s %,d blocks, %s", "-", e.address(), e.kind(), e.lengthBlocks(), lower(e.state()));
        }
        return format(
                "  %5d %14d %-12s %8s %8s %-8s %-10s %s",
                e.offset(),
                e.address(),
                e.kind(),
                mask(e.valid()),
                mask(e.dirty()),
                e.crc(),
                e.data() == EntryInfo.Data.OK ? "ok" : e.data().name(),
                lower(e.state()));
    }

    static List<String> lines(BlockHistory h) {
        List<String> lines = new ArrayList<>();
        lines.add(format("Block %d (byte %d of the disk). A read gives:", h.address(), h.byteOffset()));
        lines.add("  " + h.answer() + ".");
        if (h.versions().isEmpty()) {
            return lines;
        }
        lines.add("");
        lines.add(format(
                "  %10s %10s %5s %-23s %-12s %-8s %-8s %-10s %-10s %s",
                "chunk", "segment", "block", "begun", "kind", "valid", "dirty", "data", "state", "chunk is"));
        for (BlockHistory.Version v : h.versions()) {
            lines.add(version(v));
        }
        lines.add("  * is what the log says; sectors are shown from 0 to 7.");
        return lines;
    }

    private static String version(BlockHistory.Version v) {
        EntryInfo e = v.entry();
        boolean isRange = e.offset() == null;
        return format(
                "%s %10d %10d %5s %-23s %-12s %-8s %-8s %-10s %-10s %s",
                v.counts() ? " *" : "  ",
                v.seq(),
                v.segmentId(),
                isRange ? "-" : e.offset(),
                v.wallTimeMs() == 0 ? "-" : time(v.wallTimeMs()),
                e.kind(),
                isRange ? "-" : mask(e.valid()),
                isRange ? "-" : mask(e.dirty()),
                e.data() == EntryInfo.Data.OK ? "ok" : e.data().name(),
                lower(e.state()),
                state(v.chunk()));
    }

    private static String state(ChunkInfo.State state) {
        return switch (state) {
            case LIVE -> "in the log";
            case HEADER_DAMAGED -> "in the log, its header DAMAGED (known from the copy in another)";
            case DEAD -> "dead (before oldest)";
            case REPLACED -> "replaced (another chunk of this number counts)";
            case VOID -> "void (discarded at a later opening)";
            case BEHIND_END -> "behind the end of the log";
        };
    }

    /** Sectors 0 to 7: a hash for each that is in the mask. */
    private static String mask(int sectors) {
        StringBuilder text = new StringBuilder();
        for (int s = 0; s < BLOCK_SECTORS; s++) {
            text.append((sectors >> s & 1) != 0 ? '#' : '.');
        }
        return text.toString();
    }

    private static String device(String name, String serial, long bytes) {
        return (name.isEmpty() ? "without a stable name" : name) + (serial.isEmpty() ? "" : ", serial " + serial) + ", "
                + format("%,d", bytes) + " bytes";
    }

    private static String time(long wallTimeMs) {
        return TIME.format(Instant.ofEpochMilli(wallTimeMs).atZone(ZoneId.systemDefault()));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void add(List<String> lines, String label, String text) {
        lines.add(format("  %-8s %s", label, text));
    }

    private static String format(String format, @Nullable Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
