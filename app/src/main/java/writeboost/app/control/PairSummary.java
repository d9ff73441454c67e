package writeboost.app.control;

import org.jspecify.annotations.Nullable;

/**
 * A pair in a list.
 *
 * @param served whether a process serves it
 * @param backing path of the backing device; null if the profile cannot be read
 * @param cache path of the cache device; null if the profile cannot be read
 * @param sentence its state, or what is wrong with its profile
 */
public record PairSummary(
        String name,
        boolean served,
        @Nullable String backing,
        @Nullable String cache,
        String sentence) {}
