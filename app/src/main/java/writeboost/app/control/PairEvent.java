package writeboost.app.control;

import writeboost.engine.cache.EngineEvent;

/**
 * Something that happened to a served pair.
 *
 * @param number grows by one with each event of an opening, from 1
 * @param wallTimeMs when, since 1970
 * @param what a sentence for the user
 */
public record PairEvent(long number, long wallTimeMs, EngineEvent.Severity severity, String what) {}
