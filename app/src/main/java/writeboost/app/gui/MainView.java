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
    /** Of the height of the window, however small it is and whatever else there is to show. */
    private static final double TAPE_SHARE = 0.5;

    private static final double CHART_SHARE = 0.14;
    private static final double CHART_MIN_HEIGHT = 96;
    private static final double CHART_MAX_HEIGHT = 160;
    /** What figures on one line rather than on two save. */
    private static final double COMPACT_SAVES = 20;
    /** Between the tape and its sides, as in window.css. */
    private static final double FRAME_SPACING = 16;
    /** Below this the sides of the tape lose their labels. */
    private static final double WIDE_FROM = 980;

    private final WindowModel model;
    private final HeaderView header;
    private final BannerView banner;
    private final FlowView flow = new FlowView();
    private final TapeView tape = new TapeView(this::alignLegend);
    private final Label idle = new Label(Texts.get("tape.idle"));
    private final Button start = new Button(Texts.get("tape.start"));
    private final VBox idleBox = new VBox(idle, start);
    private final Label frozen = new Label(Texts.get("tape.frozen"));
    private final LegendView legend = new LegendView(tape::highlight);
    private final Map<Figure, FigureView> figures = new EnumMap<>(Figure.class);
    private final ChartView chart;
    private final FooterView footer;
    private final VBox top;
    private final HBox row = new HBox();
    private final VBox all = new VBox();
    private String shownPair = "";
    private boolean compact;
    private long snapshotId;

    MainView(WindowModel model, HeaderView header, java.util.Optional<StoryView> story) {
        this.model = model;
        this.header = header;
        this.banner = new BannerView(model::dismissNotice);
        this.chart = new ChartView(model::chart);
        this.footer = new FooterView(model::cancel);
        getStyleClass().add("main");
        top = new VBox(header);
        story.ifPresent(top.getChildren()::add);
        top.getChildren().add(banner);
        setTop(top);
        setCenter(centre());
        setBottom(footer);
        header.age().setOnAction(event -> {
            tape.byAge(header.age().isSelected());
            legend.byAge(header.age().isSelected());
        });
        header.freeze().setOnAction(event -> freeze(header.freeze().isSelected()));
    }

    private Node centre() {
        idleBox.getStyleClass().add("idle");
        idleBox.setVisible(false);
        start.setId("start");
        start.getStyleClass().add("accent");
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
        row.getStyleClass().add("figures");
        for (Figure figure : Figure.values()) {
            FigureView view = new FigureView(figure, this::chart);
            HBox.setHgrow(view, Priority.ALWAYS);
            view.setPrefWidth(200);
            figures.put(figure, view);
            row.getChildren().add(view);
        }
        chart(Figure.NOT_ON_DISK);
        all.getChildren().setAll(frame, legend, row, chart);
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

    @Override
    protected void layoutChildren() {
        fold();
        super.layoutChildren();
    }

    /** Small windows lose the chart first, then labels; the tape never. */
    private void fold() {
        boolean wide = getWidth() >= WIDE_FROM;
        if (wide == getStyleClass().contains("narrow")) {
            getStyleClass().removeAll("narrow");
            if (!wide) {
                getStyleClass().add("narrow");
            }
        }
        double others = top.prefHeight(getWidth())
                + footer.prefHeight(getWidth())
                + all.getInsets().getTop()
                + all.getInsets().getBottom()
                + 2 * all.getSpacing()
                + legend.prefHeight(-1)
                + row.prefHeight(-1)
                + (compact ? COMPACT_SAVES : 0);
        double least = Math.ceil(getHeight() * TAPE_SHARE);
        double room = getHeight() - others - all.getSpacing() - least;
        boolean charted = room >= CHART_MIN_HEIGHT;
        chart.setVisible(charted);
        chart.setManaged(charted);
        double wanted = Math.min(CHART_MAX_HEIGHT, Math.rint(getHeight() * CHART_SHARE / 8) * 8);
        double height = Math.max(CHART_MIN_HEIGHT, Math.min(room, wanted));
        chart.setPrefHeight(height);
        chart.setMinHeight(height);
        boolean isShort = getHeight() - others < least;
        if (isShort != compact) {
            compact = isShort;
            figures.values().forEach(view -> view.compact(compact));
        }
    }

    /** The sentence begins where the cells do. */
    private void alignLegend() {
        double left = flow.left().getWidth() + FRAME_SPACING + tape.cells().getMinX();
        // where width is short, the sentence may go on below what lies on the right
        boolean narrow = getStyleClass().contains("narrow");
        double right = narrow
                ? 0
                : flow.right().getWidth()
                        + FRAME_SPACING
                        + tape.getWidth()
                        - tape.cells().getMaxX();
        legend.setPadding(new javafx.geometry.Insets(0, Math.max(0, right), 0, Math.max(0, left)));
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

    HeaderView header() {
        return header;
    }

    TapeView tape() {
        return tape;
    }

    /** Of the figures that are shown now. */
    long snapshotId() {
        return snapshotId;
    }

    void show(Board board) {
        snapshotId = board.snapshotId();
        if (!board.header().name().equals(shownPair)) {
            shownPair = board.header().name();
            tape.clear();
        }
        header.show(board.header());
        banner.show(board.notice());
        tape.markers(
                board.header().served(),
                board.flow().writing(),
                board.waits(),
                board.flow().moving(),
                board.headId());
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
