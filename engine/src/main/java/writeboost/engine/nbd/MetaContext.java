package writeboost.engine.nbd;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import writeboost.engine.disk.Disk.StatusContext;

/** The metadata contexts on offer, and how a client's queries find them. */
enum MetaContext {
    /** Holes and zeros, as the protocol defines them. */
    ALLOCATION(1, "base:", "allocation", StatusContext.ALLOCATION),
    /** Where the data is: not cached, clean, dirty. */
    STATE(2, "x-writeboost:", "state", StatusContext.CACHE_STATE);

    private final int id;
    private final String namespace;
    private final String leaf;
    private final StatusContext status;

    MetaContext(int id, String namespace, String leaf, StatusContext status) {
        this.id = id;
        this.namespace = namespace;
        this.leaf = leaf;
        this.status = status;
    }

    /** Names the context in BLOCK_STATUS replies. */
    int id() {
        return id;
    }

    /** What the disk is asked for. */
    StatusContext status() {
        return status;
    }

    /** The full name, in UTF-8. */
    byte[] nameBytes() {
        return (namespace + leaf).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Adds what a query asks for. Unknown namespaces and leaves ask for nothing.
     *
     * @param listing whether a bare namespace stands for all that is in it; it selects nothing otherwise
     * @return false if the query is no {@code namespace:leaf}
     */
    static boolean match(String query, boolean listing, EnumSet<MetaContext> found) {
        if (query.indexOf(':') < 1) {
            return false;
        }
        for (MetaContext context : values()) {
            boolean all = listing && query.equals(context.namespace);
            if (all || query.equals(context.namespace + context.leaf)) {
                found.add(context);
            }
        }
        return true;
    }
}
