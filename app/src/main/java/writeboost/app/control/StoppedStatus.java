package writeboost.app.control;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import writeboost.app.config.PairProfile;
import writeboost.app.config.Tunables;
import writeboost.engine.cache.PairState;

/** The status of a pair that nobody serves: what the profile and a look at the devices tell. */
final class StoppedStatus {
    private StoppedStatus() {}

    static PairStatus of(PairProfile profile, Engine engine) {
        OptionalLong dirty = engine.dirtyBlocks(profile);
        return new PairStatus(
                0,
                profile.name(),
                PairState.STOPPED,
                "",
                StateSentences.stopped(dirty),
                PairStatus.WRITEBACK_MODE,
                profile.name(),
                List.of(),
                new PairStatus.Backing(profile.backing(), bytes(engine, profile.backing())),
                new PairStatus.Cache(profile.cache(), bytes(engine, profile.cache()), 0, 0, 0),
                0,
                0,
                0,
                0,
                0,
                0,
                dirty.orElse(0),
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
                0,
                0,
                0,
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
