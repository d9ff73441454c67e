package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.ChunkHeader;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.LogSurvey;
import writeboost.engine.log.Superblock;

/**
 * Finds where a chunk lay whose header, and its copy, are damaged: a block that is no valid header, but still resembles the
 * one that is missing. It serves to name the place; nothing in it is believed.
 */
final class RottenHeaders {
    /** Of six fields of a header, so many must be right. */
    private static final int MIN_RESEMBLANCE = 5;

    /** A block that resembles a header. */
    record Suspect(long segmentId, int position, long seq) {}

    private final BlockDevice device;
    private final Superblock superblock;
    private final Geometry geometry;
    private final LogSurvey survey;
    private final ByteBuffer block = Blocks.allocate(1);
    private @Nullable List<Suspect> atChainEnds;

    RottenHeaders(BlockDevice device, Superblock superblock, LogSurvey survey) {
        this.device = device;
        this.superblock = superblock;
        this.survey = survey;
        geometry = superblock.geometry();
    }

    /**
     * Where the chunk probably lay.
     *
     * @param behind position behind the chunk before it, or -1
     */
    @Nullable Suspect find(long seq, int behind) {
        Suspect here = behind >= 0 ? look(behind) : null;
        if (here != null && here.seq() == seq) {
            return here;
        }
        for (Suspect s : atChainEnds()) {
            if (s.seq() == seq) {
                return s;
            }
        }
        return here;
    }

    private List<Suspect> atChainEnds() {
        List<Suspect> found = atChainEnds;
        if (found == null) {
            found = new ArrayList<>();
            for (int slot = 0; slot < geometry.segments(); slot++) {
                int offset = survey.chainEnd(slot);
                Suspect s = offset < geometry.segmentBlocks() ? look(geometry.position(slot, offset)) : null;
                if (s != null) {
                    found.add(s);
                }
            }
            atChainEnds = found;
        }
        return found;
    }

    private @Nullable Suspect look(int position) {
        try {
            device.read(geometry.byteOffset(position), block.clear().limit(BLOCK_BYTES));
        } catch (IOException e) {
            return null;
        }
        int slot = position / geometry.segmentBlocks();
        int offset = position % geometry.segmentBlocks();
        if (ChunkHeader.resemblance(block, superblock.cacheUuid(), geometry, slot, offset) < MIN_RESEMBLANCE) {
            return null;
        }
        return new Suspect(ChunkHeader.claimedSegmentId(block), position, ChunkHeader.claimedSeq(block));
    }
}
