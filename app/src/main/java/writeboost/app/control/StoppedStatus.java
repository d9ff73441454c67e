package writeboost.app.control;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import writeboost.app.config.PairProfile;
import writeboost.app.config.Tunables;
import writeboost.engine.cache.PairState;
import writeboost.engine.inspect.CacheSummary;

/** The status of a pair that nobody serves: what the profile and a look at the devices tell. */
final class StoppedStatus {
    private static final CacheSummary UNKNOWN = new CacheSummary(
            "",
            false,
            new UUID(0, 0),
            new UUID(0, 0),
            0,
            0,
            "",
            "",
            0,
            "",
            "",
            0,
            0,
            0,
            List.of(),
            null,
            List.of(),
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0);

    private StoppedStatus() {}

    static PairStatus of(PairProfile profile, Engine engine) {
        Optional<CacheSummary> looked = engine.summary(profile);
        CacheSummary on = looked.orElse(UNKNOWN);
        return new PairStatus(
                0,
                profile.name(),
                PairState.STOPPED,
                "",
                "",
                StateSentences.stopped(looked),
                PairStatus.WRITEBACK_MODE,
                profile.name(),
                List.of(),
                new PairStatus.Backing(profile.backing(), bytes(engine, profile.backing())),
                new PairStatus.Cache(
                        profile.cache(), bytes(engine, profile.cache()), on.segments(), 0, on.capacityBlocks()),
                on.headSegment(),
                on.lastSeq(),
                on.durable(),
                on.tail(),
                on.oldest(),
                on.cachedBlocks(),
                on.dirtyBlocks(),
                on.dirtyRanges(),
                on.capacityBlocks() == 0 ? 0 : (double) on.dirtyBlocks() / on.capacityBlocks(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                on.lostBlocks(),
                PairStatus.Migration.NONE,
                0,
                0,
                Tunables.toMap(profile.settings()));
    }

    private static long bytes(Engine engine, String path) {
        try {
            return engine.examine(path).bytes();
        } catch (IOException e) {
            return 0; // a device that is not there now; opening the pair will say so
        }
    }
}
