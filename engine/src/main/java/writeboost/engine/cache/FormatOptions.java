package writeboost.engine.cache;

import java.util.UUID;
import writeboost.engine.log.Geometry;

/**
 * How a cache device is formatted.
 *
 * @param pairUuid names the pair; the profile of the pair has it too
 * @param segmentBlocks blocks of a segment: {@link Geometry#SEGMENT_BLOCKS}; tests make smaller ones
 * @param force whether a cache that is already on the device may be forgotten
 */
public record FormatOptions(UUID cacheUuid, UUID pairUuid, int segmentBlocks, boolean force) {
    /** The usual ones. */
    public static FormatOptions of(UUID pairUuid, boolean force) {
        return new FormatOptions(UUID.randomUUID(), pairUuid, Geometry.SEGMENT_BLOCKS, force);
    }
}
