package writeboost.engine.log;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has the n-th buffer fail that is asked for by this thread and those that it starts. */
public final class MemoryShortage implements AutoCloseable {
    private final AtomicInteger left;
    private volatile @Nullable OutOfMemoryError refused;

    public MemoryShortage(int nth) {
        left = new AtomicInteger(nth);
        Blocks.shortage(() -> {
            if (left.decrementAndGet() == 0) {
                refused = new OutOfMemoryError("injected");
                throw refused;
            }
        });
    }

    /** Whether it has struck. */
    public boolean struck() {
        return refused != null;
    }

    /** Who was refused; for people. */
    @Override
    public String toString() {
        OutOfMemoryError error = refused;
        return error == null
                ? "nobody was refused"
                : Arrays.stream(error.getStackTrace())
                        .map(StackTraceElement::toString)
                        .filter(frame -> frame.startsWith("writeboost"))
                        .skip(3)
                        .limit(6)
                        .collect(Collectors.joining(", called by "));
    }

    @Override
    public void close() {
        Blocks.shortage(null);
    }
}
