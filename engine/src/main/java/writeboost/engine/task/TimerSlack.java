package writeboost.engine.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much later than asked for the kernel may wake a thread that sleeps: 50 us unless it is told otherwise; see proc(5). */
public final class TimerSlack {
    private TimerSlack() {}

    /**
     * Sets that of the calling thread.
     *
     * @param slackNs at least 1
     * @return whether it is in force; not everywhere can it be set
     */
    public static boolean set(long slackNs) {
        return set(Path.of("/proc"), slackNs);
    }

    static boolean set(Path proc, long slackNs) {
        try {
            Path thread = Files.readSymbolicLink(proc.resolve("thread-self")).getFileName();
            Files.writeString(proc.resolve(thread).resolve("timerslack_ns"), Long.toString(slackNs));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
