package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of processes, from {@code /proc}. */
final class ProcessTimes {
    /** The kernel shows times to programs in this unit on every architecture that Linux still runs on (USER_HZ). */
    private static final double TICKS_PER_SECOND = 100;

    /** Fields after the name of the program, which is in brackets and may hold anything. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    private ProcessTimes() {}

    /** Seconds that all threads of a process, also those that have ended, took in user and system mode. */
    static double cpuSeconds(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** The same, from the text of {@code /proc/PID/stat}. */
    static double parse(String stat) throws IOException {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        if (fields.length <= SYSTEM_TIME) {
            throw new IOException("the kernel's figures of a process are not as expected: " + stat);
        }
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
    }
}
