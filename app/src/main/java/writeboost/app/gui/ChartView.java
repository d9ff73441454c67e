package writeboost.app.gui;

import java.util.Locale;
import java.util.function.Consumer;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.ChartViewModel;
import writeboost.app.gui.model.Span;
import writeboost.app.gui.model.Texts;

/** The chart of one figure over one span. */
final class ChartView extends VBox {
    private final Label title = new Label();
    private final Label summary = new Label();
    private final Plot plot = new Plot();

    ChartView(Consumer<Span> onSpan) {
        getStyleClass().add("chart-card");
        setId("chart");
        title.getStyleClass().add("small");
        title.setMinWidth(Region.USE_PREF_SIZE);
        summary.getStyleClass().add("chart-summary");
        HBox line = new HBox();
        line.getStyleClass().add("chart-line");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        line.getChildren().addAll(title, summary, gap);
        line.getChildren().add(spans(onSpan));
        VBox.setVgrow(plot, Priority.ALWAYS);
        getChildren().addAll(line, plot);
    }

    private static SegmentedButton spans(Consumer<Span> onSpan) {
        SegmentedButton spans = new SegmentedButton();
        spans.getStyleClass().add("spans");
        for (Span span : Span.values()) {
            ToggleButton button = new ToggleButton(span.label());
            button.setId("span-" + span.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setSelected(span == Span.MINUTE);
            button.setTooltip(new Tooltip(Texts.get("span.explained", span.label())));
            button.setOnAction(event -> {
                button.setSelected(true);
                onSpan.accept(span);
            });
            spans.getButtons().add(button);
        }
        return spans;
    }

    void show(ChartViewModel chart) {
        title.setText(chart.title());
        summary.setText(chart.summary());
        setAccessibleText(chart.sentence());
        String style = "chart-" + chart.figure().name().toLowerCase(Locale.ROOT).replace('_', '-');
        plot.getStyleClass().setAll("plot", style);
        plot.show(chart);
    }

    /** The curve between two lines, each with its value; drawn as two paths, once a second. */
    private static final class Plot extends Pane {
        /** On the left, for the values; in whole steps of the grid. */
        private static final double GUTTER = 64;

        private final Label top = new Label();
        private final Label bottom = new Label("0");
        private final Region topLine = new Region();
        private final Region bottomLine = new Region();
        private final Path line = new Path();
        private final Path area = new Path();
        private @Nullable ChartViewModel chart;

        Plot() {
            line.getStyleClass().add("chart-curve");
            area.getStyleClass().add("chart-area");
            topLine.getStyleClass().add("chart-grid");
            bottomLine.getStyleClass().add("chart-grid");
            top.getStyleClass().add("chart-value");
            bottom.getStyleClass().add("chart-value");
            line.setManaged(false);
            area.setManaged(false);
            getChildren().addAll(topLine, bottomLine, area, line, top, bottom);
            setMinHeight(24);
        }

        void show(ChartViewModel newChart) {
            chart = newChart;
            top.setText(newChart.topText());
            draw();
        }

        @Override
        protected void layoutChildren() {
            double textHeight = Math.ceil(top.prefHeight(-1));
            top.resizeRelocate(0, 0, GUTTER - 8, textHeight);
            bottom.resizeRelocate(0, Math.floor(getHeight() - textHeight), GUTTER - 8, textHeight);
            topLine.resizeRelocate(GUTTER, Math.floor(textHeight / 2), getWidth() - GUTTER, 1);
            bottomLine.resizeRelocate(GUTTER, base(), getWidth() - GUTTER, 1);
            draw();
        }

        /** Where the lowest value lies. */
        private double base() {
            return Math.floor(getHeight() - Math.ceil(top.prefHeight(-1)) / 2);
        }

        private void draw() {
            line.getElements().clear();
            area.getElements().clear();
            ChartViewModel now = chart;
            if (now == null || getWidth() < 2 * GUTTER) {
                return;
            }
            double[] points = now.points();
            int from = -1;
            for (int i = 0; i <= points.length; i++) {
                boolean known = i < points.length && !Double.isNaN(points[i]);
                if (known && from < 0) {
                    from = i;
                } else if (!known && from >= 0) {
                    stretch(now, from, i);
                    from = -1;
                }
            }
        }

        private void stretch(ChartViewModel now, int from, int to) {
            double bottomY = base();
            double height = bottomY - Math.floor(Math.ceil(top.prefHeight(-1)) / 2);
            area.getElements().add(new MoveTo(x(now, from), bottomY));
            for (int i = from; i < to; i++) {
                double x = x(now, i);
                double y = Math.round(bottomY - height * Math.min(1, now.points()[i] / now.top())) + 0.5;
                line.getElements().add(i == from ? new MoveTo(x, y) : new LineTo(x, y));
                area.getElements().add(new LineTo(x, y));
            }
            area.getElements().add(new LineTo(x(now, to - 1), bottomY));
        }

        private double x(ChartViewModel now, int index) {
            return GUTTER + index * (getWidth() - GUTTER) / Math.max(1, now.points().length - 1);
        }
    }
}
