package writeboost.app.gui;

import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import writeboost.app.gui.model.Action;
import writeboost.app.gui.model.HeaderViewModel;
import writeboost.app.gui.model.Texts;

/** The header: which pair, its state as a sentence, and what can be done. */
final class HeaderView extends HBox {
    private final MenuButton chooser = new MenuButton();
    private final Label sentence = new Label();
    private final Button unplug = button(Action.UNPLUG);
    private final Button flush = button(Action.FLUSH);
    private final MenuItem sync = item(Action.SYNC);
    private final MenuItem drop = item(Action.DROP);
    private final MenuItem start = item(Action.START);
    private final MenuItem stop = item(Action.STOP);
    private final CheckMenuItem age = new CheckMenuItem(Texts.get("menu.age"));
    private final CheckMenuItem freeze = new CheckMenuItem(Texts.get("menu.freeze"));
    private final MenuItem quit = new MenuItem(Texts.get("menu.quit"));
    private final MenuButton menu = new MenuButton("", Icons.more());
    private final Consumer<Action> act;
    private final Consumer<String> choose;

    HeaderView(Consumer<Action> act, Consumer<String> choose, Look.Choice look, Consumer<Look.Choice> onLook) {
        this.act = act;
        this.choose = choose;
        getStyleClass().add("header");
        setAlignment(Pos.CENTER_LEFT);
        chooser.setId("chooser");
        chooser.getStyleClass().addAll("chooser", "flat");
        chooser.setTooltip(new Tooltip(Texts.get("header.pair.explained")));
        chooser.setAccessibleText(Texts.get("header.pair"));
        sentence.setId("sentence");
        sentence.getStyleClass().add("sentence");
        VBox left = new VBox(chooser, sentence);
        left.setMinWidth(240);
        left.setPrefWidth(340);
        Region centre = new Region();
        HBox.setHgrow(centre, Priority.ALWAYS);
        unplug.getStyleClass().add("accent");
        getChildren().addAll(left, centre, unplug, flush, menu(look, onLook));
    }

    private MenuButton menu(Look.Choice look, Consumer<Look.Choice> onLook) {
        menu.setId("menu");
        menu.getStyleClass().add("more");
        menu.setTooltip(new Tooltip(Texts.get("header.menu.explained")));
        menu.setAccessibleText(Texts.get("header.menu"));
        Menu looks = new Menu(Texts.get("menu.look"));
        ToggleGroup group = new ToggleGroup();
        for (Look.Choice each : Look.Choice.values()) {
            RadioMenuItem item = new RadioMenuItem(each.label());
            item.setToggleGroup(group);
            item.setSelected(each == look);
            item.setOnAction(event -> onLook.accept(each));
            looks.getItems().add(item);
        }
        menu.getItems()
                .addAll(
                        sync,
                        drop,
                        new SeparatorMenuItem(),
                        start,
                        stop,
                        new SeparatorMenuItem(),
                        age,
                        freeze,
                        looks,
                        new SeparatorMenuItem(),
                        quit);
        return menu;
    }

    private Button button(Action action) {
        Button button = new Button(Texts.get(action.key()));
        button.setMnemonicParsing(true);
        button.setId(action.key().replace('.', '-'));
        button.setMinWidth(USE_PREF_SIZE);
        button.setTooltip(new Tooltip(Texts.get(action.key() + ".explained")));
        button.setAccessibleHelp(Texts.get(action.key() + ".explained"));
        button.setOnAction(event -> this.act.accept(action));
        return button;
    }

    private MenuItem item(Action action) {
        MenuItem item = new MenuItem(Texts.get(action.key()));
        item.setId(action.key().replace('.', '-'));
        item.setOnAction(event -> this.act.accept(action));
        return item;
    }

    /** Opens the menu, as a click does. */
    void openMenu() {
        menu.requestFocus();
        menu.show();
    }

    CheckMenuItem age() {
        return age;
    }

    CheckMenuItem freeze() {
        return freeze;
    }

    MenuItem quit() {
        return quit;
    }

    void show(HeaderViewModel header) {
        chooser.setText(header.name().isEmpty() ? Texts.get("window.title") : header.name());
        if (!chooser.getItems().stream().map(MenuItem::getText).toList().equals(header.names())) {
            chooser.getItems().setAll(header.names().stream().map(this::choice).toList());
        }
        chooser.setDisable(header.names().isEmpty());
        sentence.setText(header.sentence());
        unplug.setDisable(!header.canAct());
        flush.setDisable(!header.canAct());
        drop.setDisable(!header.canAct());
        sync.setDisable(!header.canSync());
        start.setDisable(!header.canStart());
        stop.setDisable(!header.canStop());
    }

    private MenuItem choice(String name) {
        MenuItem item = new MenuItem(name);
        item.setMnemonicParsing(false);
        item.setOnAction(event -> choose.accept(name));
        return item;
    }
}
