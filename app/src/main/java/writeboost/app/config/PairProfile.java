package writeboost.app.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import writeboost.engine.cache.Settings;

/**
 * What is kept of a pair between its runs. What matters for the data (identities, layout) is on the cache device itself;
 * this only says where the devices are and how the user wants the pair to behave.
 *
 * @param name see {@link PairName}
 * @param uuid of the pair; the same while the profile lives
 * @param backing path of the backing device
 * @param cache path of the cache device
 * @param settings what the user set
 * @param source the JSON that it was read from, fields included that this version does not know; they are saved again
 */
public record PairProfile(String name, UUID uuid, String backing, String cache, Settings settings, ObjectNode source) {

    /** The same with other settings. */
    public PairProfile withSettings(Settings changed) {
        return new PairProfile(name, uuid, backing, cache, changed, source);
    }
}
