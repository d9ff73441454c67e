package writeboost.app.gui;

import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import writeboost.app.gui.model.FlowViewModel;
import writeboost.app.gui.model.Texts;

/** The flow of data at the sides of the tape: from programs into RAM on its left, to the disk on its right. */
final class FlowView {
    private final VBox left = new VBox();
    private final VBox right = new VBox();
    private final Label programs = value("programs");
    private final Label buffers = small();
    private final HBox boxes = new HBox();
    private final Label disk = value("disk");
    private final Label kind = small();
    private final Label eta = new Label();

    FlowView() {
        left.getStyleClass().addAll("flow", "flow-left");
        right.getStyleClass().addAll("flow", "flow-right");
        boxes.getStyleClass().add("buffers");
        for (int i = 0; i < FlowViewModel.BUFFER_BOXES; i++) {
            Region box = new Region();
            box.getStyleClass().add("buffer");
            boxes.getChildren().add(box);
        }
        eta.getStyleClass().add("flow-eta");
        left.getChildren().addAll(title("flow.programs"), programs, new Arrow(), title("flow.ram"), boxes, buffers);
        right.getChildren().addAll(title("flow.disk"), disk, new Arrow(), kind, eta);
    }

    VBox left() {
        return left;
    }

    VBox right() {
        return right;
    }

    void show(FlowViewModel flow) {
        programs.setText(flow.programs());
        buffers.setText(flow.buffers());
        disk.setText(flow.disk());
        kind.setText(flow.kind());
        kind.pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("urgent"), flow.urgent());
        eta.setText(flow.eta());
        for (int i = 0; i < boxes.getChildren().size(); i++) {
            boxes.getChildren()
                    .get(i)
                    .pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("used"), i < flow.buffersUsed());
        }
    }

    private static Label title(String key) {
        Label label = small();
        label.setText(Texts.get(key));
        label.setTooltip(new Tooltip(Texts.get(key + ".explained")));
        return label;
    }

    private static Label small() {
        Label label = new Label();
        label.getStyleClass().add("small");
        label.setWrapText(true);
        return label;
    }

    private static Label value(String id) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("flow-value");
        return label;
    }

    /** Which way it flows. */
    private static final class Arrow extends Region {
        private final Region line = new Region();
        private final Region tip = new Region();

        Arrow() {
            getStyleClass().add("arrow");
            line.getStyleClass().add("arrow-line");
            tip.getStyleClass().add("arrow-tip");
            getChildren().addAll(line, tip);
            setMinHeight(24);
        }

        @Override
        protected void layoutChildren() {
            double y = Math.floor(getHeight() / 2);
            line.resizeRelocate(0, y, getWidth() - 6, 1);
            tip.resizeRelocate(getWidth() - 8, y - 3, 8, 7);
        }
    }
}
