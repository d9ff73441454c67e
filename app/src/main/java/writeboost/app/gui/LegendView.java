package writeboost.app.gui;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.LegendViewModel;
import writeboost.app.gui.model.Meaning;
import writeboost.app.gui.model.Texts;

/** The legend: a live sentence; pointing at a part of it, or giving it the focus, shows the cells that it speaks of. */
final class LegendView extends HBox {
    private final HBox parts = new HBox();
    private final HBox ages = new HBox();
    private final Label reads = new Label();
    private final Consumer<@Nullable Meaning> highlight;
    private List<Meaning> shown = List.of();

    LegendView(Consumer<@Nullable Meaning> highlight) {
        this.highlight = highlight;
        getStyleClass().add("legend");
        parts.getStyleClass().add("legend-parts");
        setAlignment(Pos.CENTER_LEFT);
        parts.setAlignment(Pos.CENTER_LEFT);
        reads.setId("reads");
        reads.getStyleClass().add("reads");
        reads.setMinWidth(USE_PREF_SIZE);
        Region ramp = new Region();
        ramp.getStyleClass().add("age-ramp");
        ages.setId("legend-ages");
        ages.getStyleClass().add("legend-ages");
        ages.setAlignment(Pos.CENTER_LEFT);
        ages.getChildren()
                .addAll(new Label(Texts.get("legend.newest")), ramp, new Label(Texts.get("legend.oldest_end")));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        getChildren().addAll(parts, ages, gap, reads);
        byAge(false);
    }

    /** Explains the colours of the age instead. */
    final void byAge(boolean byAge) {
        ages.setVisible(byAge);
        ages.setManaged(byAge);
        parts.setVisible(!byAge);
        parts.setManaged(!byAge);
    }

    void show(LegendViewModel legend, String readsText) {
        List<Meaning> meanings =
                legend.parts().stream().map(LegendViewModel.Part::meaning).toList();
        if (!meanings.equals(shown)) {
            shown = meanings;
            List<Label> labels = new ArrayList<>();
            meanings.forEach(meaning -> labels.add(part(meaning)));
            parts.getChildren().setAll(labels);
        }
        for (int i = 0; i < meanings.size(); i++) {
            Label label = (Label) parts.getChildren().get(i);
            label.setText(legend.parts().get(i).text());
        }
        setAccessibleText(legend.sentence());
        reads.setText(readsText);
    }

    private Label part(Meaning meaning) {
        Region box = new Region();
        String style = "meaning-" + meaning.name().toLowerCase(Locale.ROOT);
        box.getStyleClass().addAll("swatch", style);
        Label label = new Label("", box);
        label.setId(style);
        label.getStyleClass().add("legend-part");
        label.setFocusTraversable(true);
        label.setTooltip(new Tooltip(Texts.get("legend.highlight")));
        label.setOnMouseEntered(event -> highlight.accept(meaning));
        label.setOnMouseExited(event -> highlight.accept(null));
        label.focusedProperty().addListener((property, before, now) -> highlight.accept(now ? meaning : null));
        return label;
    }
}
