package writeboost.app.gui;

import java.util.Locale;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import writeboost.app.gui.model.Figure;
import writeboost.app.gui.model.FigureViewModel;

/** One of the four figures; a click shows it in the chart. */
final class FigureView extends ToggleButton {
    static final PseudoClass CHARTED = PseudoClass.getPseudoClass("charted");

    private static final PseudoClass UNKNOWN = PseudoClass.getPseudoClass("unknown");

    private final Figure figure;
    private final Label label = new Label();
    private final HBox line = new HBox();
    private final Label value = new Label();
    private final Label detail = new Label();

    FigureView(Figure figure, Consumer<Figure> chart) {
        this.figure = figure;
        String key = figure.name().toLowerCase(Locale.ROOT).replace('_', '-');
        setId("figure-" + key);
        getStyleClass().setAll("figure", "figure-" + key);
        label.setText(figure.label());
        label.getStyleClass().add("small");
        value.getStyleClass().add("figure-value");
        value.setId(key + "-value");
        value.setMinWidth(USE_PREF_SIZE);
        detail.getStyleClass().add("figure-detail");
        line.getStyleClass().add("figure-line");
        compact(false);
        setTooltip(new Tooltip(figure.explanation()));
        setAccessibleHelp(figure.explanation());
        setMaxWidth(Double.MAX_VALUE);
        setOnAction(event -> chart.accept(figure));
    }

    /** On one line, where height is short; or on two. */
    final void compact(boolean compact) {
        if (compact) {
            line.getChildren().setAll(label, value);
            setGraphic(line);
        } else {
            line.getChildren().setAll(value, detail);
            setGraphic(new VBox(2, label, line));
        }
    }

    Figure figure() {
        return figure;
    }

    String value() {
        return value.getText();
    }

    void show(FigureViewModel model) {
        value.setText(model.value());
        value.pseudoClassStateChanged(UNKNOWN, !model.known());
        detail.setText(model.detail());
        setAccessibleText(figure.label() + ": " + model.value() + " " + model.detail());
    }
}
