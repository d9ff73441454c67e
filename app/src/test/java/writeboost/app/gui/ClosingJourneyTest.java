package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Closing the window while it serves a pair that was started in it. */
class ClosingJourneyTest extends FakeWindowTest {
    @Override
    boolean isServed() {
        return false;
    }

    @BeforeEach
    void startServing() {
        window.click("start");
        window.awaitText("event", "Serving.");
        assertThat(window.window().servedHere()).isEqualTo(Set.of("usb"));
    }

    @Test
    void process1StopEndsIt() {
        ask();

        window.clickOutside("close-stop");

        assertThat(window.window().awaitClosed(10_000)).isTrue();
    }

    @Test
    void process1KeepServingHidesItAndItCanBeShownAgain() {
        ask();

        window.clickOutside("close-keep");

        window.awaitUntil("the window is hidden", () -> !isShowing());
        assertThat(window.window().isServingHidden()).isTrue();
        assertThat(window.window().awaitClosed(0)).isFalse();
        assertThat(fixture.client.serves("usb")).isTrue();

        ShownWindow.onFx(() -> {
            window.window().raise();
            return true;
        });
        assertThat(isShowing()).isTrue();
        assertThat(window.window().isServingHidden()).isFalse();
    }

    @Test
    void process1EscapeGoesOnAsIfNothingHadBeenAsked() {
        ask();

        window.type(KeyCode.ESCAPE);

        window.awaitUntil("the question is gone", () -> !isAsked());
        assertThat(isShowing()).isTrue();
        assertThat(window.window().awaitClosed(0)).isFalse();
        assertThat(fixture.client.serves("usb")).isTrue();
    }

    @Test
    void withNothingServedHereItClosesWithoutAQuestion() {
        window.choose("action-stop");
        window.awaitText("event", said -> said.startsWith("Stopped."));

        window.askToClose();

        assertThat(window.window().awaitClosed(10_000)).isTrue();
        assertThat(isAsked()).isFalse();
    }

    private void ask() {
        window.askToClose();
        window.awaitUntil("the question is there", this::isAsked);
    }

    private boolean isAsked() {
        return window.person()
                .lookup("#close-question")
                .match(question -> question.getScene().getWindow().isShowing())
                .tryQuery()
                .isPresent();
    }

    private boolean isShowing() {
        return ShownWindow.onFx(() -> window.window().stage().isShowing());
    }
}
