package writeboost.app.gui;

import java.util.Collection;
import javafx.scene.Node;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.DialogPane;
import javafx.stage.Stage;
import writeboost.app.gui.model.Texts;

/** Asks what is to become of pairs that are being served when the window is closed. */
final class CloseQuestion {
    /** What the user wants. */
    enum Answer {
        /** Stop serving, then close. */
        STOP,
        /** Keep serving without a window. */
        KEEP,
        /** Not close. */
        GO_ON
    }

    private CloseQuestion() {}

    static Answer ask(Stage owner, Collection<String> names) {
        ButtonType stop = new ButtonType(Texts.get("close.stop"), ButtonBar.ButtonData.YES);
        ButtonType keep = new ButtonType(Texts.get("close.keep"), ButtonBar.ButtonData.NO);
        ButtonType goOn = new ButtonType(Texts.get("close.cancel"), ButtonBar.ButtonData.CANCEL_CLOSE);
        Alert question = new Alert(Alert.AlertType.CONFIRMATION, Texts.get("close.text"), stop, keep, goOn);
        question.initOwner(owner);
        question.setTitle(Texts.get("close.title"));
        question.setHeaderText(Texts.get("close.header", String.join(", ", names)));
        question.setGraphic(null);
        DialogPane pane = question.getDialogPane();
        pane.setId("close-question");
        // a scene of its own, whose root does not know whether it is light or dark
        pane.getStyleClass().add(owner.getScene().getRoot().getStyleClass().contains("dark") ? "dark" : "light");
        button(pane, stop, "close-stop");
        button(pane, keep, "close-keep");
        button(pane, goOn, "close-cancel");
        ButtonType answer = question.showAndWait().orElse(goOn);
        return answer == stop ? Answer.STOP : answer == keep ? Answer.KEEP : Answer.GO_ON;
    }

    /** As wide as its words. */
    private static void button(DialogPane pane, ButtonType type, String id) {
        Node button = pane.lookupButton(type);
        button.setId(id);
        ButtonBar.setButtonUniformSize(button, false);
    }
}
