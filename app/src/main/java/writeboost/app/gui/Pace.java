package writeboost.app.gui;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.gui.model.WindowModel;

/** Looks at the engine at the window's pace, on a thread of its own: a look that takes long holds up later looks only. */
final class Pace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pace.class);
    private static final long MAP_MS = 100;
    private static final long FIGURES_MS = 500;
    private static final long CHART_MS = 1000;
    private static final long STORY_MS = 200;

    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(body -> {
        Thread thread = new Thread(body, "wb-window-look");
        thread.setDaemon(true);
        return thread;
    });

    private final List<ScheduledFuture<?>> looks;

    /**
     * Begins to look.
     *
     * @param atStory called five times a second
     */
    Pace(WindowModel model, Runnable atStory) {
        looks = List.of(
                looking.scheduleAtFixedRate(guarded(atStory), STORY_MS, STORY_MS, TimeUnit.MILLISECONDS),
                looking.scheduleAtFixedRate(guarded(model::lookAtFigures), 0, FIGURES_MS, TimeUnit.MILLISECONDS),
                looking.scheduleAtFixedRate(guarded(model::lookAtMap), 1, MAP_MS, TimeUnit.MILLISECONDS),
                looking.scheduleAtFixedRate(guarded(model::lookAtChart), CHART_MS, CHART_MS, TimeUnit.MILLISECONDS));
    }

    /** One look that fails must not end all looking. */
    private static Runnable guarded(Runnable look) {
        return () -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.error("a look at the engine failed", e);
            }
        };
    }

    @Override
    public void close() {
        looks.forEach(look -> look.cancel(false));
        looking.shutdown();
    }
}
