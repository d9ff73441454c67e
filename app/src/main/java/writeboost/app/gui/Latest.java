package writeboost.app.gui;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/** Hands the newest of something to the JavaFX thread. What comes while that is busy replaces what has not been shown. */
final class Latest<T> {
    private final AtomicReference<@Nullable T> waiting = new AtomicReference<>();
    private final Consumer<T> show;

    Latest(Consumer<T> show) {
        this.show = show;
    }

    /** Any thread may call; returns at once. */
    void offer(T value) {
        if (waiting.getAndSet(value) == null) {
            Platform.runLater(this::take);
        }
    }

    private void take() {
        T value = waiting.getAndSet(null);
        if (value != null) {
            show.accept(value);
        }
    }
}
