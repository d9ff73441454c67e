package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** Everything without a mouse. */
class KeyboardJourneyTest extends FakeWindowTest {
    @Test
    void tabGoesThroughAllThatCanBeUsedInTheOrderOfReading() {
        List<String> visited = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            visited.add(focused());
            window.type(KeyCode.TAB);
        }

        assertThat(visited)
                .containsSubsequence(
                        "tape",
                        "meaning-dirty",
                        "meaning-clean",
                        "meaning-free",
                        "figure-not-on-disk",
                        "figure-reads-from-ssd",
                        "figure-coming-in",
                        "figure-moving-to-disk");
        assertThat(visited).containsSubsequence("chooser", "action-unplug", "action-flush", "menu", "tape");
    }

    @Test
    void altAndTheUnderlinedLetterFlush() {
        window.type(KeyCode.ALT, KeyCode.F);

        window.awaitText("event", "Flushed: everything that waited is on the disk.");
    }

    @Test
    void spaceFreezesThePictureAndLetsItGoOn() {
        window.type(KeyCode.SPACE);
        assertThat(window.isSeen("frozen")).isTrue();

        window.type(KeyCode.SPACE);
        assertThat(window.isSeen("frozen")).isFalse();
    }

    @Test
    void theArrowsWalkFromSegmentToSegment() {
        window.type(KeyCode.RIGHT);
        assertThat(window.text("hint")).as("it begins at the pen").contains("The pen");

        window.type(KeyCode.LEFT);
        assertThat(window.text("hint")).contains("1 segment behind the pen").contains("Place 15 of 32");

        window.type(KeyCode.ESCAPE);
        assertThat(window.isSeen("hint")).isFalse();
    }

    @Test
    void aFigureIsChartedAndAPartOfTheLegendShownByKeyboard() {
        tabTo("meaning-clean");
        tabTo("figure-coming-in");
        window.type(KeyCode.SPACE);

        window.awaitUntil("the figure is charted", () -> window.has("figure-coming-in", "charted"));
        assertThat(window.has("figure-not-on-disk", "charted")).isFalse();
    }

    @Test
    void theMenuIsUsedByKeyboard() {
        window.type(KeyCode.F10);
        window.awaitUntil("the menu is open", () -> inMenu("action-drop").isPresent());
        for (int i = 0; i < 12 && !inMenu("action-drop").orElseThrow().isFocused(); i++) {
            window.type(KeyCode.DOWN);
        }
        window.type(KeyCode.ENTER);

        window.awaitText("event", said -> said.startsWith("Caches dropped"));
    }

    private Optional<Node> inMenu(String id) {
        return window.person().lookup("#" + id).tryQuery();
    }

    private void tabTo(String id) {
        for (int i = 0; i < 20 && !focused().equals(id); i++) {
            window.type(KeyCode.TAB);
        }
        assertThat(focused()).isEqualTo(id);
    }

    private String focused() {
        Node owner = ShownWindow.onFx(() -> window.window().stage().getScene().getFocusOwner());
        return owner == null || owner.getId() == null ? "" : owner.getId();
    }
}
