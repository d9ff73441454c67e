package writeboost.app.gui;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.Environment;
import writeboost.app.control.CacheService;
import writeboost.app.control.CacheServices;
import writeboost.app.control.WindowSocket;
import writeboost.app.demo.Story;
import writeboost.app.gui.model.Action;

/** The window as a whole, from the command line's point of view. */
public final class Window {
    private static final Logger LOG = LoggerFactory.getLogger(Window.class);
    private static final long LOOK_INTERVAL_MS = 200;

    /** What came of it. */
    public enum Outcome {
        /** It was open, and was closed. */
        CLOSED,
        /** Another process has it, and shows it now. */
        RAISED,
        /** There is no display, or what JavaFX needs of it is missing. */
        NO_DISPLAY
    }

    /** Waits for the wish of the user or the system that the program end. */
    @FunctionalInterface
    public interface EndWish {
        /** Returns whether it has come within that time. */
        boolean await(long timeoutMs);
    }

    private final Environment environment;
    private final EndWish endWish;
    private volatile @Nullable WindowStage stage;

    private Window(Environment environment, EndWish endWish) {
        this.environment = environment;
        this.endWish = endWish;
    }

    /** Opens it on the user's pairs, and returns when it has been closed. */
    public static Outcome onPairs(Environment environment, EndWish endWish) throws IOException {
        return new Window(environment, endWish).runAlone(window -> {
            CacheService service = CacheServices.ofThisUser(environment);
            return new Content(service, service, Optional.empty());
        });
    }

    /** Opens it on a throw-away pair, and returns when it has been closed. */
    public static Outcome onDemo(Environment environment, EndWish endWish) throws IOException {
        return new Window(environment, endWish).runAlone(window -> {
            Story story = Story.prepare(environment);
            return new Content(story.service(), story, Optional.of(story));
        });
    }

    /** What it shows; {@code owner} is closed with it. */
    private record Content(CacheService service, Closeable owner, Optional<Story> story) {}

    /** Makes what it shows, while the toolkit starts. */
    private interface ContentSource {
        Content open(Window window) throws IOException;
    }

    private Outcome runAlone(ContentSource source) throws IOException {
        if (!environment.hasDisplay()) {
            return Outcome.NO_DISPLAY;
        }
        Optional<WindowSocket> socket = WindowSocket.openOrRaise(environment, this::raise);
        if (socket.isEmpty()) {
            return Outcome.RAISED;
        }
        try (WindowSocket open = socket.get()) {
            return run(source);
        }
    }

    private void raise() {
        WindowStage shown = stage;
        if (shown != null) {
            Platform.runLater(shown::raise);
        }
    }

    private Outcome run(ContentSource source) throws IOException {
        FutureTask<Boolean> toolkit = new FutureTask<>(Window::startToolkit);
        Thread starter = new Thread(toolkit, "wb-window-start");
        starter.setDaemon(true);
        starter.start();
        Content content = source.open(this);
        try (Closeable owner = content.owner) {
            if (!get(toolkit)) {
                return Outcome.NO_DISPLAY;
            }
            show(content);
            // the toolkit's thread is a daemon; to end it here would hang if a signal has done so already
            awaitEnd(content);
        }
        return Outcome.CLOSED;
    }

    /** Returns whether there is a window system that can be used. */
    private static boolean startToolkit() {
        CountDownLatch started = new CountDownLatch(1);
        try {
            Platform.startup(() -> {
                Thread.currentThread()
                        .setUncaughtExceptionHandler(
                                (thread, failure) -> LOG.error("unexpected, in the window", failure));
                started.countDown();
            });
            Platform.setImplicitExit(false);
            started.await();
            Look.loadFonts();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("the window system cannot be used", e);
        }
        return false;
    }

    private static <T> T get(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException("the window cannot be opened: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the window was being opened", e);
        }
    }

    private void show(Content content) throws IOException {
        Path folder = environment.configFolder();
        Place place = Place.load(folder);
        boolean dark = Look.isDark(place.look());
        FutureTask<WindowStage> made =
                new FutureTask<>(() -> new WindowStage(content.service, content.story, place, dark));
        Platform.runLater(made);
        WindowStage shown = get(made);
        stage = shown;
        content.story.ifPresent(story -> story.play(() -> shown.actAndWait(Action.UNPLUG)));
    }

    private void awaitEnd(Content content) throws IOException {
        WindowStage shown = stage;
        if (shown == null) {
            return;
        }
        boolean signalled = false;
        while (!shown.awaitClosed(0)) {
            signalled = endWish.await(LOOK_INTERVAL_MS);
            if (signalled) {
                break;
            }
            if (shown.isServingHidden() && shown.servedHere().stream().noneMatch(content.service::serves)) {
                break; // what it was kept for has been stopped from elsewhere
            }
        }
        shown.close(!signalled);
        Place last = shown.place();
        if (content.story.isEmpty()) {
            last.save(environment.configFolder());
        } else {
            last.withPair(Place.load(environment.configFolder()).pair()).save(environment.configFolder());
        }
    }
}
