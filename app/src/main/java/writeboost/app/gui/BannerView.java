package writeboost.app.gui;

import java.util.Locale;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.Notice;
import writeboost.app.gui.model.Texts;

/** The banner: what happened, what it means for the data, and the one thing to do. */
final class BannerView extends HBox {
    private final Label what = new Label();
    private final Label more = new Label();
    private final StackPane icon = new StackPane();
    private final Button close = new Button("", Icons.close());
    private @Nullable Notice shown;

    BannerView(Runnable onClose) {
        setId("banner");
        setAlignment(Pos.CENTER_LEFT);
        what.setId("banner-what");
        what.getStyleClass().add("banner-what");
        what.setWrapText(true);
        more.setId("banner-more");
        more.setWrapText(true);
        what.setMinHeight(Region.USE_PREF_SIZE);
        more.setMinHeight(Region.USE_PREF_SIZE);
        VBox text = new VBox(what, more);
        HBox.setHgrow(text, Priority.ALWAYS);
        close.setId("banner-close");
        close.getStyleClass().addAll("flat", "banner-close");
        close.setTooltip(new Tooltip(Texts.get("banner.close")));
        close.setAccessibleText(Texts.get("banner.close"));
        close.setOnAction(event -> {
            onClose.run();
            show(Optional.empty());
        });
        getChildren().addAll(icon, text, close);
        show(Optional.empty());
    }

    void show(Optional<Notice> notice) {
        setVisible(notice.isPresent());
        setManaged(notice.isPresent());
        notice.ifPresent(this::show);
    }

    private void show(Notice notice) {
        if (notice.equals(shown)) {
            return;
        }
        shown = notice;
        getStyleClass().setAll("banner", "banner-" + notice.kind().name().toLowerCase(Locale.ROOT));
        icon.getChildren()
                .setAll(
                        switch (notice.kind()) {
                            case GOOD -> Icons.good();
                            case REFUSED -> Icons.refused();
                            case FAULT -> Icons.fault();
                        });
        what.setText(notice.what());
        more.setText((notice.meaning() + " " + notice.toDo()).trim());
        close.setVisible(notice.dismissible());
        setAccessibleText(notice.sentence());
    }
}
