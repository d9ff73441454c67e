package writeboost.app.gui.model;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import writeboost.app.control.PairEvent;
import writeboost.app.control.PairStatus;
import writeboost.engine.cache.EngineEvent;

/**
 * The latest event, on one line.
 *
 * @param time of the day
 */
public record EventLine(String time, String what, EngineEvent.Severity severity) {
    /** Before anything has happened. */
    public static final EventLine NOTHING = new EventLine("", "", EngineEvent.Severity.INFO);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** Where programs find a pair, as long as nothing has happened to it. */
    static EventLine served(PairStatus status) {
        return new EventLine("", Texts.get("event.served", status.uris().get(0)), EngineEvent.Severity.INFO);
    }

    static EventLine of(PairEvent event, ZoneId zone) {
        return of(event.wallTimeMs(), zone, event.what(), event.severity());
    }

    static EventLine of(long wallTimeMs, ZoneId zone, String what, EngineEvent.Severity severity) {
        return new EventLine(TIME.format(Instant.ofEpochMilli(wallTimeMs).atZone(zone)), what, severity);
    }
}
