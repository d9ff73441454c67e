package writeboost.app.gui.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import writeboost.app.control.PairStatus;
import writeboost.engine.cache.PairState;

/**
 * The banner: what happened, what it means for the data, and the one thing to do.
 *
 * @param dismissible whether the user may close it; a fault stays as long as it lasts
 */
public record Notice(Kind kind, String what, String meaning, String toDo, boolean dismissible) {
    /** How it looks. */
    public enum Kind {
        /** What was asked for is done. */
        GOOD,
        /** What was asked for was not done. */
        REFUSED,
        /** Something is wrong with the pair. */
        FAULT
    }

    /** What is wrong with a pair. */
    static Optional<Notice> faultOf(@Nullable PairStatus status) {
        if (status == null) {
            return Optional.empty();
        }
        if (status.state() == PairState.HALTED) {
            return Optional.of(fault("halted", withReason("fault.halted", status), status.advice()));
        }
        if (status.state() == PairState.DEGRADED) {
            return Optional.of(fault("degraded", withReason("fault.degraded", status), status.advice()));
        }
        if (status.damagedBlocks() > 0) {
            return Optional.of(fault("damaged", Texts.get("fault.damaged", status.damagedBlocks()), ""));
        }
        if (!status.reason().isEmpty()) {
            return Optional.of(fault("trouble", status.reason(), status.advice()));
        }
        return Optional.empty();
    }

    private static String withReason(String key, PairStatus status) {
        String reason = status.reason();
        if (reason.isEmpty()) {
            return Texts.get(key);
        }
        String end = reason.endsWith(".") ? "" : ".";
        return Texts.get(key) + " " + Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + end;
    }

    private static Notice fault(String key, String what, String advice) {
        String toDo = advice.isEmpty() ? Texts.get("fault." + key + ".todo") : advice;
        return new Notice(Kind.FAULT, what, Texts.get("fault." + key + ".meaning"), toDo, false);
    }

    /** Something that was asked for and failed. */
    static Notice failed(Action action, String sentence) {
        String key = "failed." + action.name().toLowerCase(Locale.ROOT);
        return new Notice(Kind.REFUSED, Texts.get(key), sentence, Texts.get("failed.todo"), true);
    }

    static Notice refused(String key, Object... values) {
        return new Notice(
                Kind.REFUSED,
                Texts.get(key, values),
                Texts.get(key + ".meaning", values),
                Texts.get(key + ".todo", values),
                true);
    }

    static Notice good(String key, Object... values) {
        return new Notice(Kind.GOOD, Texts.get(key, values), Texts.get(key + ".meaning", values), "", true);
    }

    /** All of it, for those who hear it. */
    public String sentence() {
        return String.join(" ", what, meaning, toDo).trim();
    }
}
