package writeboost.engine.inspect;

import java.util.List;

/**
 * What verifying a cache device found.
 *
 * @param moving whether the cache was written meanwhile: then only what was durable when it began was looked at
 * @param chunks that were checked
 * @param dataBlocks whose checksums were checked
 * @param dirtyBlocks blocks that wait for the backing device
 * @param damageFound how many pieces of damage there are
 * @param findings damage, at most {@link Verifier#MAX_FINDINGS} pieces of it
 * @param notes what is no damage, but worth knowing; sentences
 */
public record Verdict(
        boolean moving,
        long chunks,
        long dataBlocks,
        long dirtyBlocks,
        long damageFound,
        List<Finding> findings,
        List<String> notes) {
    /** Whether nothing is damaged. */
    public boolean isSound() {
        return damageFound == 0;
    }
}
