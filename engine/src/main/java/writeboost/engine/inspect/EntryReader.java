package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import writeboost.engine.inspect.EntryInfo.Data;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.ChunkHeader.Entries;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;

/** Turns entries of chunks into what is shown of them; reads their data and compares it. */
final class EntryReader {
    private static final List<String> KINDS =
            List.of("?", "written", "staged", "reinserted", "lost", "trim", "zero", "zero_no_hole");

    private final LogPicture picture;
    private final ByteBuffer block = Blocks.allocate(1);
    private final Crc crc = new Crc();

    EntryReader(LogPicture picture) {
        this.picture = picture;
    }

    /** Which entries are wanted. */
    @FunctionalInterface
    interface Filter {
        boolean wants(long address, long lengthBlocks);
    }

    /**
     * Reads the entries of a chunk.
     *
     * @param chunk number of the chunk in the picture, or -1 if it is not part of the log
     * @param place position of its header
     */
    List<EntryInfo> read(Entries entries, int chunk, int place, Filter filter) {
        List<EntryInfo> infos = new ArrayList<>();
        int data = 0;
        for (int e = 0; e < entries.count(); e++) {
            boolean isRange = EntryKind.isRange(entries.kind(e));
            int position = place + 1 + data;
            data += isRange ? 0 : 1;
            if (filter.wants(entries.address(e), isRange ? entries.lengthBlocks(e) : 1)) {
                infos.add(isRange ? range(entries, e, chunk) : block(entries, e, chunk, position));
            }
        }
        return infos;
    }

    private EntryInfo range(Entries entries, int e, int chunk) {
        EntryState state = EntryState.DEAD;
        if (chunk >= 0 && entries.address(e) + entries.lengthBlocks(e) > picture.diskBlocks) {
            state = EntryState.BEYOND;
        } else if (chunk >= 0) {
            state = picture.chunks.seq(chunk) > picture.marks.tail() ? EntryState.DIRTY : EntryState.CLEAN;
        }
        return new EntryInfo(
                KINDS.get(entries.kind(e)),
                entries.address(e),
                entries.lengthBlocks(e),
                null,
                0,
                0,
                "",
                Data.NONE,
                state);
    }

    private EntryInfo block(Entries entries, int e, int chunk, int position) {
        boolean lost = entries.kind(e) == EntryKind.LOST;
        return new EntryInfo(
                KINDS.get(entries.kind(e)),
                entries.address(e),
                1,
                picture.offsetOf(position),
                entries.valid(e),
                entries.dirty(e),
                String.format(Locale.ROOT, "%08x", entries.crc(e)),
                lost ? Data.NONE : data(position, entries.crc(e)),
                chunk < 0 ? EntryState.DEAD : picture.stateOf(chunk, position));
    }

    private Data data(int position, int expected) {
        try {
            picture.device.read(picture.geometry.byteOffset(position), block.clear());
        } catch (IOException e) {
            return Data.UNREADABLE;
        }
        return crc.of(block, 0, BLOCK_BYTES) == expected ? Data.OK : Data.DAMAGED;
    }
}
