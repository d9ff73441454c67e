package writeboost.engine.log;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A place where one thread stops until a test lets it go on. */
final class Gate {
    /** A test that waits so long has found a deadlock. */
    private static final long PATIENCE_S = 20;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Stops here until {@link #open}. */
    void pass() {
        arrived.countDown();
        await(opened);
    }

    /** Waits until somebody stands at the gate. */
    void awaitArrival() {
        await(arrived);
    }

    boolean isReached() {
        return arrived.getCount() == 0;
    }

    void open() {
        opened.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came to the gate, or nobody opened it");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
