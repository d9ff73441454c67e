package writeboost.app.gui;

import java.util.Collection;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
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
        question.getDialogPane().setId("close-question");
        question.getDialogPane().lookupButton(stop).setId("close-stop");
        question.getDialogPane().lookupButton(keep).setId("close-keep");
        question.getDialogPane().lookupButton(goOn).setId("close-cancel");
        ButtonType answer = question.showAndWait().orElse(goOn);
        return answer == stop ? Answer.STOP : answer == keep ? Answer.KEEP : Answer.GO_ON;
    }
}
