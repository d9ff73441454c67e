package writeboost.app.gui;

import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import writeboost.app.demo.Story;
import writeboost.app.gui.model.Texts;

/** The demo's caption: which act it is, what happens in it, and a way past it. */
final class StoryView extends HBox {
    private final Label act = new Label();
    private final Label caption = new Label();
    private final Button next = new Button();
    private Story.@Nullable Act shown;

    StoryView(Story story) {
        setId("story");
        getStyleClass().add("story");
        setAlignment(Pos.CENTER_LEFT);
        act.getStyleClass().add("story-act");
        act.setMinWidth(Region.USE_PREF_SIZE);
        caption.setId("caption");
        caption.getStyleClass().add("caption");
        caption.setWrapText(true);
        caption.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(caption, Priority.ALWAYS);
        next.setId("story-next");
        next.setMnemonicParsing(true);
        next.setMinWidth(Region.USE_PREF_SIZE);
        next.getStyleClass().add("small-button");
        next.setOnAction(event -> {
            if (story.act() == Story.Act.OVER) {
                story.again();
            } else {
                story.skip();
            }
        });
        getChildren().addAll(act, caption, next);
        show(story.act());
    }

    void show(Story.Act now) {
        if (now == shown) {
            return;
        }
        shown = now;
        boolean over = now == Story.Act.OVER;
        act.setText(Texts.get("story.act", now.number(), Story.Act.ACTS));
        act.setVisible(!over);
        act.setManaged(!over);
        caption.setText(Texts.get("story." + now.name().toLowerCase(Locale.ROOT)));
        next.setText(Texts.get(over ? "story.again" : "story.skip"));
        next.setDisable(now == Story.Act.FLUSH);
    }
}
