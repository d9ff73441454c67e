package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.app.gui.model.TapePalette;

/** For those who hear the window, and for those who have it dark or by age. */
class AccessTest extends FakeWindowTest {
    @Test
    void everythingThatCanHaveTheFocusSaysWhatItIs() {
        List<String> silent = new ArrayList<>();
        List<Node> all = ShownWindow.onFx(() -> {
            List<Node> found = new ArrayList<>();
            collect(window.window().stage().getScene().getRoot(), found);
            return found;
        });
        for (Node node : all) {
            boolean hasText =
                    node instanceof Labeled labeled && !labeled.getText().isBlank();
            String accessible = node.getAccessibleText();
            if (!hasText && (accessible == null || accessible.isBlank())) {
                silent.add(node.toString());
            }
        }

        assertThat(all).hasSizeGreaterThan(12);
        assertThat(silent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLegendExplainsTheColoursThatAreShown(boolean byAge) {
        ShownWindow.onFx(() -> {
            window.window().view().header().age().setSelected(byAge);
            window.window().view().header().age().getOnAction().handle(null);
            return true;
        });

        assertThat(window.isSeen("legend-ages")).isEqualTo(byAge);
        assertThat(window.isSeen("meaning-dirty")).isEqualTo(!byAge);
    }

    @Test
    void lightAndDarkReachTheTapeToo() {
        assertThat(apply(true)).isEqualTo(TapePalette.DARK);
        assertThat(apply(false)).isEqualTo(TapePalette.LIGHT);
        assertThat(window.window().stage().getScene().getRoot().getStyleClass())
                .contains("light")
                .doesNotContain("dark");
    }

    private TapePalette apply(boolean dark) {
        return ShownWindow.onFx(() -> Look.apply(dark, window.window().stage().getScene()));
    }

    private static void collect(Node node, List<Node> found) {
        if (!node.isVisible()) {
            return;
        }
        if (node.isFocusTraversable()) {
            found.add(node);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> collect(child, found));
        }
    }
}
