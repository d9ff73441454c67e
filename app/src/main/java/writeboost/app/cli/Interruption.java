package writeboost.app.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import writeboost.engine.cache.Progress;

/**
 * SIGINT, SIGTERM and SIGHUP as a wish that the main thread sees. The JVM answers these signals by running its shutdown
 * hooks; ours passes the wish on, lets the main thread end in its own order (which may take as long as the devices do),
 * and then ends the process with the exit code of the main thread rather than that of the signal.
 */
public final class Interruption {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCodes.FAILED);

    /** Starts to listen for signals; for the process as a whole. */
    public void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "wb-shutdown"));
    }

    /** Ends the process; to be called by the main thread, last of all. */
    public void exit(int code) {
        exitCode.set(code);
        ended.countDown();
        if (requested.getCount() > 0) {
            System.exit(code);
        }
        // else the hook is waiting for us, and System.exit would wait for the hook
    }

    /** Passes the wish on, as a signal does. */
    void request() {
        requested.countDown();
    }

    /** Whether the user or the system wants the program to end. */
    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Waits for the wish.
     *
     * @return whether it has come
     */
    boolean await(long timeoutMs) {
        try {
            return requested.await(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** A progress that passes on to another and ends with the wish. */
    Progress over(Progress progress) {
        return (done, total) -> progress.update(done, total) && !isRequested();
    }

    private void onShutdown() {
        if (ended.getCount() == 0) {
            return; // an ordinary exit
        }
        request();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode.get());
    }
}
