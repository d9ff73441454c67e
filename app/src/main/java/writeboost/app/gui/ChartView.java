package writeboost.app.gui;

import java.util.function.Consumer;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.ChartViewModel;
import writeboost.app.gui.model.Span;

/** The chart of one figure over one span. */
final class ChartView extends VBox {
    private final Label title = new Label();
    private final Label top = new Label();
    private final Plot plot = new Plot();
    private final ToggleGroup spans = new ToggleGroup();

    ChartView(Consumer<Span> onSpan) {
        getStyleClass().add("chart-card");
        setId("chart");
        title.getStyleClass().add("small");
        top.getStyleClass().add("chart-top");
        HBox line = new HBox();
        line.getStyleClass().add("chart-line");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        line.getChildren().addAll(title, top, gap);
        for (Span span : Span.values()) {
            ToggleButton button = new ToggleButton(span.label());
            button.getStyleClass().setAll("span");
            button.setToggleGroup(spans);
            button.setSelected(span == Span.MINUTE);
            button.setOnAction(event -> {
                button.setSelected(true);
                onSpan.accept(span);
            });
            line.getChildren().add(button);
        }
        VBox.setVgrow(plot, Priority.ALWAYS);
        getChildren().addAll(line, plot);
    }

    void show(ChartViewModel chart) {
        title.setText(chart.title());
        top.setText("≤ " + chart.topText());
        setAccessibleText(chart.sentence());
        String style = "chart-"
                + chart.figure().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        plot.getStyleClass().setAll("plot", style);
        plot.show(chart);
    }

    /** The curve; drawn as two paths, once a second. */
    private static final class Plot extends Pane {
        private final Path line = new Path();
        private final Path area = new Path();
        private @Nullable ChartViewModel chart;

        Plot() {
            line.getStyleClass().add("chart-curve");
            area.getStyleClass().add("chart-area");
            line.setManaged(false);
            area.setManaged(false);
            getChildren().addAll(area, line);
            setMinHeight(24);
            widthProperty().addListener(observable -> draw());
            heightProperty().addListener(observable -> draw());
        }

        void show(ChartViewModel newChart) {
            chart = newChart;
            draw();
        }

        private void draw() {
            line.getElements().clear();
            area.getElements().clear();
            ChartViewModel now = chart;
            if (now == null || getWidth() < 2) {
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
            double bottom = getHeight() - 1;
            area.getElements().add(new MoveTo(x(now, from), bottom));
            for (int i = from; i < to; i++) {
                double x = x(now, i);
                double y = Math.round(bottom - (bottom - 2) * Math.min(1, now.points()[i] / now.top())) + 0.5;
                line.getElements().add(i == from ? new MoveTo(x, y) : new LineTo(x, y));
                area.getElements().add(new LineTo(x, y));
            }
            area.getElements().add(new LineTo(x(now, to - 1), bottom));
        }

        private double x(ChartViewModel now, int index) {
            return index * getWidth() / Math.max(1, now.points().length - 1);
        }
    }
}
