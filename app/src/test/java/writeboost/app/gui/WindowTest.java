package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import writeboost.app.control.ServiceFixture;
import writeboost.app.gui.model.Maps;

/** Journeys through the window, without a display. */
@Timeout(180)
class WindowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final FxRobot robot = new FxRobot();
    private ServiceFixture fixture;
    private WindowStage window;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new ServiceFixture(folder);
        fixture.engine.map = Maps.of("ccccDDDD        ");
        fixture.engine.dirty.put("usb", 300_000L);
        fixture.serve("usb");
        FxToolkit.registerPrimaryStage();
        window = onFx(() -> new WindowStage(fixture.client, Optional.empty(), Place.DEFAULT, false));
        await().atMost(PATIENCE).until(() -> text("#sentence").startsWith("Serving."));
    }

    @AfterEach
    void tearDown() throws IOException {
        window.close();
        WaitForAsyncUtils.waitForFxEvents();
        fixture.close();
    }

    @Test
    void theFiguresAreThoseOfTheStatus() throws IOException {
        assertThat(text("#sentence")).isEqualTo(fixture.client.status("usb").sentence());
        assertThat(((FigureView) node("#figure-not-on-disk")).value()).isEqualTo("1.1 GiB");
    }

    @Test
    void aFlushShowsItsProgressAndCanBeCancelled() throws Exception {
        fixture.engine.flushNeverEnds = true;

        press("#action-flush");
        fixture.engine.flushBegan.await();
        await().atMost(PATIENCE)
                .until(() -> node("#action-cancel").isVisible()
                        && text("#action-title").contains("Flush"));
        press("#action-cancel");

        await().atMost(PATIENCE).until(() -> text("#event").contains("Flush cancelled"));
        assertThat(fixture.engine.calls()).contains("cancelled usb");
    }

    @Test
    void aFlushToItsEndIsTold() throws Exception {
        press("#action-flush");

        await().atMost(PATIENCE).until(() -> text("#event").contains("everything that waited is on the disk"));
        await().atMost(PATIENCE).until(() -> text("#sentence").equals("Serving. Everything is on the disk."));
    }

    @Test
    void withAClientTheDiskIsNotSafeToUnplug() throws Exception {
        press("#action-unplug");

        await().atMost(PATIENCE).until(() -> text("#banner-what").contains("not safe to unplug"));
        assertThat(text("#banner-more")).contains("Unmount");
        assertThat(fixture.server.serves("usb")).isTrue();
    }

    @Test
    void withoutAClientTheDiskIsMadeSafeToUnplug() throws Exception {
        fixture.engine.clients = 0;

        press("#action-unplug");

        await().atMost(PATIENCE).until(() -> text("#banner-what").equals("usb is safe to unplug."));
        assertThat(fixture.server.serves("usb")).isFalse();
    }

    @Test
    void spaceFreezesThePictureAndLetsItGoOn() {
        robot.push(KeyCode.SPACE);
        assertThat(node("#frozen").isVisible()).isTrue();

        robot.push(KeyCode.SPACE);
        assertThat(node("#frozen").isVisible()).isFalse();
    }

    @Test
    void aSmallWindowLosesTheChartAndKeepsTheTape() throws Exception {
        onFx(() -> {
            Stage stage = window.stage();
            stage.setWidth(900);
            stage.setHeight(600);
            return true;
        });

        await().atMost(PATIENCE).until(() -> !node("#chart").isVisible());
        assertThat(node("#tape").isVisible()).isTrue();
        assertThat(node("#tape").getLayoutBounds().getHeight()).isGreaterThanOrEqualTo(300);
    }

    private Node node(String query) {
        return window.stage().getScene().getRoot().lookup(query);
    }

    private String text(String query) {
        return node(query) instanceof Label label ? label.getText() : "";
    }

    private void press(String query) throws Exception {
        onFx(() -> {
            ((Button) node(query)).fire();
            return true;
        });
    }

    private static <T> T onFx(Callable<T> action) throws Exception {
        return WaitForAsyncUtils.asyncFx(action).get();
    }
}
