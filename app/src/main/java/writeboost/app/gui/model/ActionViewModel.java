package writeboost.app.gui.model;

import writeboost.app.config.Sizes;

/**
 * An action that runs.
 *
 * @param title what it does
 * @param share how much of it is done, 0..1; negative if that is not known
 * @param text how far it is and when it is expected to end
 * @param cancellable whether it can be ended early
 * @param cancelled whether that was asked for
 */
public record ActionViewModel(
        Action action, String title, double share, String text, boolean cancellable, boolean cancelled) {
    /** Before this an expectation would be a guess. */
    private static final long ETA_AFTER_NS = 1_000_000_000L;

    static ActionViewModel of(Action action, long done, long total, long elapsedNs, boolean cancelled) {
        boolean cancellable = action != Action.SYNC && action != Action.STOP;
        double share = total > 0 ? Math.min(1, (double) done / total) : -1;
        String text;
        if (cancelled) {
            text = Texts.get("action.cancelling");
        } else if (share < 0) {
            text = "";
        } else {
            text = Quantities.percent(share);
            if (elapsedNs > ETA_AFTER_NS && share > 0 && share < 1) {
                text += ", "
                        + Texts.get("flow.eta", Sizes.duration(Math.max(1, elapsedNs / 1e9 * (1 - share) / share)));
            }
        }
        return new ActionViewModel(action, Texts.get(action.key() + ".running"), share, text, cancellable, cancelled);
    }
}
