package writeboost.app.gui;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javafx.application.Platform;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.jspecify.annotations.Nullable;
import org.testfx.api.FxRobot;
import org.testfx.api.FxRobotException;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import writeboost.app.control.CacheService;
import writeboost.app.demo.Story;
import writeboost.engine.cache.SegmentMap;

/** A window on a screen in memory, and a person before it who reads, clicks and types. */
final class ShownWindow implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final FxRobot person = new FxRobot();
    private final WindowStage window;

    private ShownWindow(WindowStage window) {
        this.window = window;
    }

    static ShownWindow on(CacheService service) {
        return on(service, Optional.empty());
    }

    static ShownWindow on(Story story) {
        return on(story.service(), Optional.of(story));
    }

    private static ShownWindow on(CacheService service, Optional<Story> story) {
        try {
            FxToolkit.registerPrimaryStage();
        } catch (TimeoutException e) {
            throw new AssertionError("the toolkit does not start", e);
        }
        Platform.setImplicitExit(false);
        Look.loadFonts();
        return new ShownWindow(onFx(() -> new WindowStage(service, story, Place.DEFAULT, false)));
    }

    /** Has something done on the JavaFX thread, and waits for it. */
    static <T> T onFx(Callable<T> work) {
        try {
            return WaitForAsyncUtils.asyncFx(work).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    WindowStage window() {
        return window;
    }

    FxRobot person() {
        return person;
    }

    /** The part of the window with that id. */
    Node node(String id) {
        Node found = window.stage().getScene().lookup("#" + id);
        if (found == null) {
            throw new AssertionError("there is no #" + id);
        }
        return found;
    }

    /** What a part of the window says; nothing if it is not to be seen. */
    String text(String id) {
        return onFx(() -> {
            Node node = node(id);
            return !isSeen(node) ? "" : node instanceof Labeled labeled ? labeled.getText() : node.getAccessibleText();
        });
    }

    /** Whether a part of the window is to be seen. */
    boolean isSeen(String id) {
        return onFx(() -> isSeen(node(id)));
    }

    private static boolean isSeen(@Nullable Node node) {
        for (Node each = node; each != null; each = each.getParent()) {
            if (!each.isVisible()) {
                return false;
            }
        }
        return true;
    }

    boolean has(String id, String pseudoClass) {
        return onFx(() -> node(id).getPseudoClassStates().contains(PseudoClass.getPseudoClass(pseudoClass)));
    }

    /** The picture of the log that is shown, once there is one. */
    Optional<SegmentMap> map() {
        return onFx(() -> Optional.ofNullable(window.view().tape().map()));
    }

    /** Waits until a part of the window says something of which that is true. */
    void awaitText(String id, Predicate<String> says) {
        await(id).atMost(PATIENCE).until(() -> text(id), says);
    }

    /** Waits until a part of the window says exactly that. */
    void awaitText(String id, String text) {
        awaitText(id, text::equals);
    }

    /** Waits until something is true. */
    void awaitUntil(String what, Callable<Boolean> is) {
        await(what).atMost(PATIENCE).until(is);
    }

    void click(String id) {
        awaitUntil(id + " can be clicked", () -> isSeen(id) && !onFx(() -> node(id).isDisabled()));
        person.clickOn(node(id));
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Clicks on something outside of the window, such as in a menu or a question, as soon as it is on the screen. */
    void clickOutside(String id) {
        await(id)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(FxRobotException.class)
                .until(() -> {
                    person.clickOn("#" + id);
                    return true;
                });
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Opens the menu and chooses from it. */
    void choose(String item) {
        click("menu");
        clickOutside(item);
    }

    void type(KeyCode... keys) {
        person.push(keys);
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** As the window manager does when its cross is clicked; returns at once, as a question may follow. */
    void askToClose() {
        Window stage = window.stage();
        Platform.runLater(() -> stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST)));
    }

    void resize(double width, double height) {
        onFx(() -> {
            window.stage().setWidth(width);
            window.stage().setHeight(height);
            return true;
        });
        awaitUntil(
                "the window has its size",
                () -> onFx(() -> {
                    var root = window.stage().getScene().getRoot();
                    root.layout();
                    return root.getLayoutBounds().getWidth() == width
                            && root.getLayoutBounds().getHeight() == height;
                }));
    }

    @Override
    public void close() {
        window.close(true);
        WaitForAsyncUtils.waitForFxEvents();
    }
}
