package writeboost.app.gui.model;

import java.util.Locale;

/** What a person can have done to a pair. */
public enum Action {
    /** Makes everything acknowledged durable on the cache device. */
    SYNC,
    /** Moves everything to the disk. */
    FLUSH,
    /** Flushes, then forgets what is cached. */
    DROP,
    /** Begins to serve. */
    START,
    /** Ends serving. */
    STOP,
    /** Flushes, ends serving, and says whether the disk may be unplugged. */
    UNPLUG;

    /** The start of its keys in the texts. */
    public String key() {
        return "action." + name().toLowerCase(Locale.ROOT);
    }
}
