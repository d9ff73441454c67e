package writeboost.app.control;

import java.util.Map;

/**
 * A pair to be made.
 *
 * @param backing path of the backing device, or {@code hdd:PATH}
 * @param cache path of the cache device; a file that does not exist is made if {@code cacheBytes} is given
 * @param cacheBytes size of the cache file to make; 0 if it exists
 * @param settings those that differ from the defaults, as typed
 * @param overwriteCache the user has said that whatever is on exactly this cache device may go
 */
public record NewPair(
        String name,
        String backing,
        String cache,
        long cacheBytes,
        Map<String, String> settings,
        boolean overwriteCache) {}
