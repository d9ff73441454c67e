package writeboost.app.gui;

import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import writeboost.app.gui.model.FlowViewModel;
import writeboost.app.gui.model.Texts;

/** The flow of data at the sides of the tape: from programs into RAM on its left, to the disk on its right. */
final class FlowView {
    private static final PseudoClass URGENT = PseudoClass.getPseudoClass("urgent");
    private static final PseudoClass USED = PseudoClass.getPseudoClass("used");
    private static final PseudoClass FLOWING = PseudoClass.getPseudoClass("flowing");

    private final VBox left = new VBox();
    private final VBox right = new VBox();
    private final Label written = value("programs-write");
    private final Label read = value("programs-read");
    private final Label buffers = small();
    private final Arrow in = new Arrow("in", true);
    private final Arrow back = new Arrow("back", false);
    private final Arrow out = new Arrow("out", true);
    private final HBox boxes = new HBox();
    private final Label disk = value("disk");
    private final Label kind = small();
    private final Label eta = new Label();

    FlowView() {
        left.getStyleClass().addAll("flow", "flow-left");
        right.getStyleClass().addAll("flow", "flow-right");
        buffers.setId("buffers");
        boxes.getStyleClass().add("buffers");
        for (int i = 0; i < FlowViewModel.BUFFER_BOXES; i++) {
            Region box = new Region();
            box.getStyleClass().add("buffer");
            boxes.getChildren().add(box);
        }
        eta.getStyleClass().add("flow-eta");
        Region gap = new Region();
        gap.getStyleClass().add("flow-gap");
        left.getChildren()
                .addAll(
                        title("flow.write"),
                        written,
                        in,
                        title("flow.ram"),
                        boxes,
                        buffers,
                        gap,
                        title("flow.read"),
                        read,
                        back);
        right.getChildren().addAll(title("flow.disk"), disk, out, kind, eta);
    }

    VBox left() {
        return left;
    }

    VBox right() {
        return right;
    }

    void show(FlowViewModel flow) {
        written.setText(flow.written());
        read.setText(flow.read());
        buffers.setText(flow.buffers());
        disk.setText(flow.disk());
        kind.setText(flow.kind());
        kind.pseudoClassStateChanged(URGENT, flow.urgent());
        eta.setText(flow.eta());
        in.pseudoClassStateChanged(FLOWING, flow.writing());
        back.pseudoClassStateChanged(FLOWING, flow.reading());
        out.pseudoClassStateChanged(FLOWING, flow.moving());
        for (int i = 0; i < boxes.getChildren().size(); i++) {
            boxes.getChildren().get(i).pseudoClassStateChanged(USED, i < flow.buffersUsed());
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

    /** Which way it flows; coloured while it does. */
    private static final class Arrow extends Region {
        private static final double TIP_WIDTH = 8;
        private static final double TIP_HEIGHT = 10;

        private final Region line = new Region();
        private final Region tip = new Region();

        private final boolean toTheRight;

        Arrow(String direction, boolean toTheRight) {
            this.toTheRight = toTheRight;
            getStyleClass().addAll("arrow", "arrow-" + direction);
            line.getStyleClass().add("arrow-line");
            tip.getStyleClass().add("arrow-tip");
            getChildren().addAll(line, tip);
            setMinHeight(24);
        }

        @Override
        protected void layoutChildren() {
            double middle = Math.floor(getHeight() / 2);
            double length = getWidth() - TIP_WIDTH + 1;
            line.resizeRelocate(toTheRight ? 0 : TIP_WIDTH - 1, middle - 1, length, 2);
            double tipX = toTheRight ? getWidth() - TIP_WIDTH : 0;
            tip.resizeRelocate(tipX, middle - TIP_HEIGHT / 2, TIP_WIDTH, TIP_HEIGHT);
        }
    }
}
