package writeboost.app.gui;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import javafx.util.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.control.CacheService;
import writeboost.app.demo.Story;
import writeboost.app.gui.model.Action;
import writeboost.app.gui.model.Audience;
import writeboost.app.gui.model.Board;
import writeboost.app.gui.model.ChartViewModel;
import writeboost.app.gui.model.Texts;
import writeboost.app.gui.model.WindowModel;
import writeboost.engine.cache.SegmentMap;

/** The window on the screen, from its opening to its closing. Lives on the JavaFX thread, but for what says otherwise. */
final class WindowStage {
    /** Some window managers leave a new window unpainted until its size changes. */
    private static final Duration NUDGE_AFTER = Duration.millis(300);

    private static final Duration NUDGE_BACK_AFTER = Duration.millis(100);

    /** A cancelled action ends with the request that it waits for, which a sleeping disk may keep for a while. */
    private static final long ACTION_END_S = 20;

    private static final Logger LOG = LoggerFactory.getLogger(WindowStage.class);

    private final Stage stage = new Stage();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService actions = Executors.newSingleThreadExecutor(body -> {
        Thread thread = new Thread(body, "wb-window-action");
        thread.setDaemon(true);
        return thread;
    });
    private final WindowModel model;
    private final MainView view;
    private final Pace pace;
    private final boolean isDemo;
    private Look.Choice look;
    private volatile Place place;
    private volatile boolean servingHidden;

    WindowStage(CacheService service, Optional<Story> story, Place place, boolean dark) {
        Screenwriter screenwriter = new Screenwriter();
        model = new WindowModel(service, actions, System::nanoTime, screenwriter);
        isDemo = story.isPresent();
        look = place.look();
        this.place = place;
        story.ifPresentOrElse(
                shown -> model.choose(shown.name()),
                () -> model.choose(place.pair().isEmpty() ? null : place.pair()));
        Optional<StoryView> storyView = story.map(StoryView::new);
        HeaderView header = new HeaderView(model::act, model::choose, look, this::look);
        header.quit().setOnAction(event -> askToClose());
        view = new MainView(model, header, storyView);
        Scene scene = new Scene(view, place.width(), place.height());
        view.palette(Look.apply(dark, scene));
        screenwriter.begin(view);
        keys(scene);
        place(place);
        stage.setTitle(Texts.get("window.title"));
        stage.getIcons().setAll(Icons.program());
        DesktopName.set();
        stage.setScene(scene);
        stage.setOnCloseRequest(this::onCloseRequest);
        stage.show();
        List.of(stage.xProperty(), stage.yProperty(), stage.widthProperty(), stage.heightProperty())
                .forEach(property -> property.addListener(observable -> keepPlace()));
        stage.maximizedProperty().addListener(observable -> keepPlace());
        nudge();
        view.tape().requestFocus();
        Latest<Story.Act> acts = new Latest<>(act -> storyView.ifPresent(captions -> captions.show(act)));
        pace = new Pace(model, () -> story.ifPresent(shown -> acts.offer(shown.act())));
    }

    /** Passes what is new on to the views, once there are any. */
    private static final class Screenwriter implements Audience {
        private volatile Optional<MainView> view = Optional.empty();
        private final Latest<Board> boards = new Latest<>(board -> view.ifPresent(shown -> shown.show(board)));
        private final Latest<SegmentMap> maps = new Latest<>(this::show);
        private final Latest<ChartViewModel> charts = new Latest<>(chart -> view.ifPresent(shown -> shown.show(chart)));

        private boolean lives;

        private void show(SegmentMap map) {
            view.ifPresent(shown -> shown.show(map));
            if (!lives && view.isPresent()) {
                lives = true;
                // what the log file says is how the start is measured; docs/testing.md
                Platform.runLater(() -> ProcessHandle.current()
                        .info()
                        .startInstant()
                        .ifPresent(began -> LOG.info(
                                "the picture lives, {} ms after the start of the process",
                                java.time.Duration.between(began, Instant.now()).toMillis())));
            }
        }

        void begin(MainView shown) {
            view = Optional.of(shown);
        }

        @Override
        public void onBoard(Board board) {
            boards.offer(board);
        }

        @Override
        public void onMap(SegmentMap map) {
            maps.offer(map);
        }

        @Override
        public void onChart(ChartViewModel chart) {
            charts.offer(chart);
        }
    }

    private void place(Place place) {
        stage.setMinWidth(Place.WIDTH_MIN);
        stage.setMinHeight(Place.HEIGHT_MIN);
        boolean onScreen =
                !Screen.getScreensForRectangle(place.x(), place.y(), 1, 1).isEmpty();
        if (onScreen) {
            stage.setX(place.x());
            stage.setY(place.y());
        }
        stage.setMaximized(place.maximized());
    }

    private void nudge() {
        PauseTransition pause = new PauseTransition(NUDGE_AFTER);
        pause.setOnFinished(event -> {
            if (!stage.isMaximized() && stage.isShowing()) {
                double width = stage.getWidth();
                double height = stage.getHeight();
                resize(width + 1, height + 1);
                PauseTransition back = new PauseTransition(NUDGE_BACK_AFTER);
                back.setOnFinished(ended -> {
                    boolean untouched = stage.getWidth() == width + 1 && stage.getHeight() == height + 1;
                    if (untouched) {
                        resize(width, height);
                    }
                });
                back.play();
            }
        });
        pause.play();
    }

    /** Both at once: GTK complains of a size of which only one side is known. */
    private void resize(double width, double height) {
        stage.setWidth(width);
        stage.setHeight(height);
    }

    private void keys(Scene scene) {
        scene.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.SPACE && !(scene.getFocusOwner() instanceof ButtonBase)) {
                view.freeze(!model.isFrozen());
                event.consume();
            } else if (event.getCode() == KeyCode.F10) {
                view.header().openMenu();
                event.consume();
            }
        });
        scene.getAccelerators().put(new KeyCodeCombination(KeyCode.Q, KeyCombination.CONTROL_DOWN), this::askToClose);
        // after a click, Space means the picture again; who goes through the buttons by keyboard presses them with it
        scene.addEventHandler(
                MouseEvent.MOUSE_RELEASED,
                event -> Platform.runLater(() -> {
                    boolean pressed =
                            scene.getFocusOwner() instanceof Button || scene.getFocusOwner() instanceof ToggleButton;
                    if (pressed && !(scene.getFocusOwner() instanceof MenuButton)) {
                        view.tape().requestFocus();
                    }
                }));
    }

    private void look(Look.Choice choice) {
        look = choice;
        keepPlace();
        actions.execute(() -> {
            boolean dark = Look.isDark(choice);
            Platform.runLater(() -> view.palette(Look.apply(dark, stage.getScene())));
        });
    }

    private void onCloseRequest(WindowEvent event) {
        event.consume();
        askToClose();
    }

    private void askToClose() {
        Set<String> serving = model.servedHere();
        if (isDemo || serving.isEmpty()) {
            closed.countDown();
            return;
        }
        switch (CloseQuestion.ask(stage, serving)) {
            case STOP -> closed.countDown();
            case KEEP -> {
                servingHidden = true;
                stage.hide();
            }
            case GO_ON -> stage.toFront();
        }
    }

    /** Brings it to the front, also when it serves without a window. */
    void raise() {
        servingHidden = false;
        stage.setIconified(false);
        stage.show();
        stage.toFront();
        stage.requestFocus();
    }

    /** Whether it has been hidden to go on serving; any thread may call. */
    boolean isServingHidden() {
        return servingHidden;
    }

    /** Pairs that were started here and are still served; any thread may call. */
    Set<String> servedHere() {
        return model.servedHere();
    }

    /** Waits until the user has closed it; any thread but JavaFX's may call. */
    boolean awaitClosed(long timeoutMs) {
        try {
            return closed.await(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Has something done as if a button were pressed, and waits until it is; any thread but JavaFX's may call. */
    void actAndWait(Action action) throws InterruptedException {
        while (model.isActing()) {
            Thread.sleep(50);
        }
        model.act(action);
        while (model.isActing()) {
            Thread.sleep(50);
        }
    }

    /**
     * Ends it, and what it was doing; any thread but JavaFX's may call.
     *
     * @param hide whether to take it off the screen; not when a signal has ended the toolkit already
     */
    void close(boolean hide) {
        pace.close();
        actions.shutdown();
        model.cancel();
        if (hide) {
            Platform.runLater(stage::hide);
        }
        try {
            if (!actions.awaitTermination(ACTION_END_S, TimeUnit.SECONDS)) {
                LOG.warn("what was being done did not end within {} s; closing all the same", ACTION_END_S);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its place, and what it shows; any thread may call. */
    Place place() {
        String pair = model.chosen();
        return place.withPair(pair == null ? "" : pair);
    }

    private void keepPlace() {
        boolean normal = !stage.isMaximized() && !stage.isIconified() && !Double.isNaN(stage.getX());
        place = new Place(
                normal ? stage.getX() : place.x(),
                normal ? stage.getY() : place.y(),
                normal ? stage.getScene().getWidth() : place.width(),
                normal ? stage.getScene().getHeight() : place.height(),
                stage.isMaximized(),
                look,
                "");
    }

    /** The window, for tests. */
    Stage stage() {
        return stage;
    }

    /** What it shows, for tests. */
    MainView view() {
        return view;
    }
}
