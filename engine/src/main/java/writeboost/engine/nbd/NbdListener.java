package writeboost.engine.nbd;

import org.jspecify.annotations.Nullable;

/** Hears of connections that ended other than orderly. The server goes on serving the others. */
@FunctionalInterface
public interface NbdListener {
    /**
     * A connection failed, or a new one could not be taken.
     *
     * @param connection which, for people: number, and export when known
     * @param what what happened, as a sentence
     * @param cause the exception behind it, if there is one
     */
    void connectionFailed(String connection, String what, @Nullable Throwable cause);
}
