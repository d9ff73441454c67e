package writeboost.app.control;

import writeboost.app.config.Environment;
import writeboost.app.config.ProfileStore;

/** Makes services. */
public final class CacheServices {
    private CacheServices() {}

    /** The service for all pairs of this user: here, or in the processes that serve them. */
    public static CacheService ofThisUser(Environment environment) {
        ControlSockets sockets = ControlSockets.ofThisUser(environment);
        ProfileStore profiles = new ProfileStore(environment.configFolder());
        return new RoutedCacheService(new LocalCacheService(profiles, new EngineHost(sockets), sockets), sockets);
    }
}
