package writeboost.engine.cache;

/**
 * Something that happened to a pair and that its user may want to know.
 *
 * @param wallTimeMs when
 * @param what happened, what it means for the data, and what to do: sentences for the user
 */
public record EngineEvent(long wallTimeMs, Severity severity, String what) {
    /** How much it matters. */
    public enum Severity {
        /** For the record. */
        INFO,
        /** Something is not as it should be; no data is at stake. */
        WARNING,
        /** Data is lost or at stake. */
        ERROR
    }

    /** Receives events; must be quick; called on any thread, never with an engine lock held. */
    @FunctionalInterface
    public interface Listener {
        /** Takes an event. */
        void onEvent(EngineEvent event);
    }
}
