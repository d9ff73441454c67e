package writeboost.app.gui;

import java.util.EnumMap;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import writeboost.app.gui.model.Action;
import writeboost.app.gui.model.Board;
import writeboost.app.gui.model.ChartViewModel;
import writeboost.app.gui.model.Figure;
import writeboost.app.gui.model.FigureViewModel;
import writeboost.app.gui.model.TapePalette;
import writeboost.app.gui.model.Texts;
import writeboost.app.gui.model.WindowModel;
import writeboost.engine.cache.SegmentMap;

/** All that the window shows: header, banner, tape in its frame, legend, figures, chart, last line. */
final class MainView extends BorderPane {
    /** Below this the chart folds away, so that the tape keeps half of the height. */
    private static final double CHART_FROM_HEIGHT = 660;

    private static final double CHART_MIN_HEIGHT = 88;
    /** Below this the sides of the tape lose their labels. */
    private static final double WIDE_FROM = 980;

    private final WindowModel model;
    private final HeaderView header;
    private final BannerView banner;
    private final FlowView flow = new FlowView();
    private final TapeView tape = new TapeView();
    private final Label idle = new Label(Texts.get("tape.idle"));
    private final Button start = new Button(Texts.get("tape.start"));
    private final VBox idleBox = new VBox(idle, start);
    private final Label frozen = new Label(Texts.get("tape.frozen"));
    private final LegendView legend = new LegendView(tape::highlight);
    private final Map<Figure, FigureView> figures = new EnumMap<>(Figure.class);
    private final ChartView chart;
    private final FooterView footer;
    private String shownPair = "";

    MainView(WindowModel model, HeaderView header, java.util.Optional<StoryView> story) {
        this.model = model;
        this.header = header;
        this.banner = new BannerView(model::dismissNotice);
        this.chart = new ChartView(model::chart);
        this.footer = new FooterView(model::cancel);
        getStyleClass().add("main");
        VBox top = new VBox(header);
        story.ifPresent(top.getChildren()::add);
        top.getChildren().add(banner);
        setTop(top);
        setCenter(centre());
        setBottom(footer);
        header.age().setOnAction(event -> tape.byAge(header.age().isSelected()));
        header.freeze().setOnAction(event -> freeze(header.freeze().isSelected()));
        heightProperty().addListener(observable -> fold());
        widthProperty().addListener(observable -> fold());
    }

    private Node centre() {
        idleBox.getStyleClass().add("idle");
        idleBox.setVisible(false);
        start.setId("start");
        start.setMnemonicParsing(true);
        start.setOnAction(event -> model.act(Action.START));
        frozen.setId("frozen");
        frozen.getStyleClass().add("frozen");
        frozen.setMouseTransparent(true);
        frozen.setVisible(false);
        StackPane middle = new StackPane(tape, idleBox, frozen);
        StackPane.setAlignment(frozen, javafx.geometry.Pos.BOTTOM_CENTER);
        HBox.setHgrow(middle, Priority.ALWAYS);
        HBox frame = new HBox(flow.left(), middle, flow.right());
        frame.getStyleClass().add("frame");
        VBox.setVgrow(frame, Priority.ALWAYS);
        HBox row = new HBox();
        row.getStyleClass().add("figures");
        for (Figure figure : Figure.values()) {
            FigureView view = new FigureView(figure, this::chart);
            HBox.setHgrow(view, Priority.ALWAYS);
            view.setPrefWidth(200);
            figures.put(figure, view);
            row.getChildren().add(view);
        }
        chart(Figure.NOT_ON_DISK);
        VBox all = new VBox(frame, legend, row, chart);
        all.getStyleClass().add("centre");
        row.setMinHeight(Region.USE_PREF_SIZE);
        legend.setMinHeight(Region.USE_PREF_SIZE);
        return all;
    }

    private void chart(Figure figure) {
        figures.values().forEach(view -> {
            boolean charted = view.figure() == figure;
            view.setSelected(charted);
            view.pseudoClassStateChanged(FigureView.CHARTED, charted);
        });
        model.chart(figure);
    }

    /** Small windows lose the chart first, then labels; the tape never. */
    private void fold() {
        boolean tall = getHeight() >= CHART_FROM_HEIGHT;
        chart.setVisible(tall);
        chart.setManaged(tall);
        // a fifth of the height for the chart, so that the tape has the most
        chart.setPrefHeight(Math.max(CHART_MIN_HEIGHT, Math.rint(getHeight() * 0.14 / 8) * 8));
        chart.setMinHeight(CHART_MIN_HEIGHT);
        boolean wide = getWidth() >= WIDE_FROM;
        getStyleClass().remove("narrow");
        if (!wide) {
            getStyleClass().add("narrow");
        }
    }

    /** Holds the picture, or lets it go on. */
    void freeze(boolean freeze) {
        model.freeze(freeze);
        header.freeze().setSelected(freeze);
        frozen.setVisible(freeze);
    }

    void palette(TapePalette palette) {
        tape.palette(palette);
    }

    TapeView tape() {
        return tape;
    }

    void show(Board board) {
        if (!board.header().name().equals(shownPair)) {
            shownPair = board.header().name();
            tape.clear();
        }
        header.show(board.header());
        banner.show(board.notice());
        tape.markers(board.header().served(), board.moves());
        flow.show(board.flow());
        legend.show(board.legend(), board.flow().reads());
        for (FigureViewModel figure : board.figures()) {
            FigureView view = figures.get(figure.figure());
            if (view != null) {
                view.show(figure);
            }
        }
        footer.show(board.event(), board.action());
        idleBox.setVisible(!board.header().served()
                && tape.map() == null
                && !board.header().name().isEmpty());
        start.setDisable(!board.header().canStart());
    }

    void show(SegmentMap map) {
        idleBox.setVisible(false);
        tape.show(map);
    }

    void show(ChartViewModel newChart) {
        chart.show(newChart);
    }
}
