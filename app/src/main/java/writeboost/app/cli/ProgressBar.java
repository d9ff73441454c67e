package writeboost.app.cli;

import java.io.PrintWriter;
import java.util.Locale;
import writeboost.app.config.Sizes;
import writeboost.engine.cache.Progress;

/**
 * Shows how far a long operation is, on stderr: a bar that is redrawn on a terminal, else a plain line at every tenth.
 * Used by one thread at a time.
 */
final class ProgressBar implements Progress, AutoCloseable {
    private static final long REDRAW_NS = 100_000_000L;
    private static final int BAR_CELLS = 30;
    private static final int PLAIN_STEPS = 10;

    private final PrintWriter out;
    private final boolean redraws;
    private final String title;
    private final long startNs = System.nanoTime();
    private long drawnNs = startNs - REDRAW_NS;
    private long steps = -1;
    private boolean shown;

    ProgressBar(Terminal terminal, String title) {
        this.out = terminal.err();
        this.redraws = terminal.isErrTerminal();
        this.title = title;
    }

    @Override
    public boolean update(long done, long total) {
        if (total > 0) {
            double share = Math.min(1.0, Math.max(0.0, (double) done / total));
            if (redraws) {
                redraw(share);
            } else {
                line(share);
            }
        }
        return true;
    }

    /** What it shows has been done: the last reports of another process may not have come through. */
    void done() {
        if (shown) {
            update(1, 1);
        }
    }

    /** Ends the line of the bar. */
    @Override
    public void close() {
        if (redraws && shown) {
            out.println();
            out.flush();
        }
    }

    private void redraw(double share) {
        long now = System.nanoTime();
        if (now - drawnNs < REDRAW_NS && share < 1) {
            return;
        }
        drawnNs = now;
        shown = true;
        int filled = (int) Math.round(share * BAR_CELLS);
        String bar = "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
        out.print(
                String.format(Locale.ROOT, "\r%s [%s] %3.0f %%%s\u001b[K", title, bar, share * 100, left(share, now)));
        out.flush();
    }

    private void line(double share) {
        long reached = (long) (share * PLAIN_STEPS);
        if (reached > steps) {
            steps = reached;
            shown = true;
            out.println(String.format(Locale.ROOT, "%s: %.0f %%", title, share * 100));
            out.flush();
        }
    }

    /** The time that is left if it goes on at the speed so far; nothing in the first moments, which tell little. */
    private String left(double share, long now) {
        double seconds = (now - startNs) / 1e9;
        if (share < 0.02 || share >= 1 || seconds < 1) {
            return "";
        }
        return ", " + Sizes.duration(seconds * (1 - share) / share) + " left";
    }
}
