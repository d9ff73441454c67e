package writeboost.app.gui;

import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.ActionViewModel;
import writeboost.app.gui.model.EventLine;
import writeboost.app.gui.model.Texts;

/** The last line: the latest event; while something is being done, how far it is. */
final class FooterView extends StackPane {
    private final Label time = new Label();
    private final Label what = new Label();
    private final HBox event = new HBox(time, what);
    private final Label title = new Label();
    private final ProgressBar bar = new ProgressBar();
    private final Label far = new Label();
    private final Button cancel = new Button(Texts.get("action.cancel"));
    private final HBox action = new HBox();

    FooterView(Runnable onCancel) {
        getStyleClass().add("footer");
        event.getStyleClass().add("event");
        event.setAlignment(Pos.CENTER_LEFT);
        time.getStyleClass().add("event-time");
        what.setId("event");
        title.setId("action-title");
        far.setId("action-far");
        title.setMinWidth(0);
        far.setMinWidth(Region.USE_PREF_SIZE);
        bar.setId("action-bar");
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setMinWidth(80);
        HBox.setHgrow(bar, Priority.ALWAYS);
        cancel.setId("action-cancel");
        cancel.setMnemonicParsing(true);
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.getStyleClass().add("small-button");
        cancel.setTooltip(new Tooltip(Texts.get("action.cancel.explained")));
        cancel.setOnAction(pressed -> onCancel.run());
        action.getStyleClass().add("action");
        action.setAlignment(Pos.CENTER_LEFT);
        action.getChildren().addAll(title, bar, far, cancel);
        action.setVisible(false);
        getChildren().addAll(event, action);
    }

    void show(EventLine line, @Nullable ActionViewModel running) {
        action.setVisible(running != null);
        event.setVisible(running == null);
        time.setText(line.time());
        time.setVisible(!line.time().isEmpty());
        time.setManaged(!line.time().isEmpty());
        what.setText(line.what());
        what.getStyleClass().setAll("label", "event-" + line.severity().name().toLowerCase(Locale.ROOT));
        if (running != null) {
            title.setText(running.title());
            // a bar of unknown length would move without anything having moved
            bar.setProgress(Math.max(0, running.share()));
            bar.setAccessibleText(running.title() + " " + running.text());
            far.setText(running.text());
            cancel.setVisible(running.cancellable());
            cancel.setDisable(running.cancelled());
        }
    }
}
