package writeboost.app.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The processes that a bench starts. None of them outlives it: closing ends those that are left, gently at first. What they say
 * goes to files in a folder that is thrown away; the last lines of it are in the message when one fails. Any thread may call.
 */
final class Children implements Closeable {
    /** A server that must first write its buffers to a slow disk may take long. */
    private static final long PATIENCE_SECONDS = 120;

    private static final long LOOK_INTERVAL_MS = 50;
    private static final int LINES_TOLD = 6;
    private static final long TOGETHER_MS = 200;

    private final Path folder;
    private final BooleanSupplier leaves;
    private final List<ProcessHandle> running = new ArrayList<>(); // guarded by this
    private int started; // guarded by this

    /** One of them. */
    record Child(String name, Process process, Path said) {
        /** Whether it has ended, and what it said then. */
        IOException died() {
            return new IOException(name + " ended with status " + process.exitValue() + told());
        }

        private String told() {
            try {
                List<String> lines = Files.readString(said).strip().lines().toList();
                String last = String.join(" / ", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
                return last.isEmpty() ? "" : ": " + last;
            } catch (IOException e) {
                return ", and what it said is lost (" + e.getMessage() + ")";
            }
        }
    }

    /**
     * Makes it.
     *
     * @param folder for what they say
     * @param leaves whether the user wants the bench to end
     */
    Children(Path folder, BooleanSupplier leaves) {
        this.folder = folder;
        this.leaves = leaves;
    }

    /** Starts one that goes on beside us. */
    Child start(String name, List<String> command, Map<String, String> variables) throws IOException {
        Path said = newFile(name);
        return new Child(name, start(command, variables, said, said), said);
    }

    /**
     * Runs one to its end.
     *
     * @return what it wrote to stdout
     * @throws EndedEarly if the user wants the bench to end
     */
    String run(String name, List<String> command, int timeoutSeconds) throws IOException {
        Path said = newFile(name);
        Path out = newFile(name + "-out");
        Child child = new Child(name, start(command, Map.of(), out, said), said);
        try {
            if (!awaitEnd(child.process(), timeoutSeconds)) {
                throw new IOException(
                        name + " did not end within " + timeoutSeconds + " s: " + String.join(" ", command));
            }
            if (child.process().exitValue() != 0) {
                checkNotTogether();
                throw child.died();
            }
            return Files.readString(out);
        } finally {
            end(child);
            Files.deleteIfExists(out);
            Files.deleteIfExists(said);
        }
    }

    /** Ends one: asks it to, and when that takes too long, makes it. */
    void end(Child child) throws IOException {
        Process process = child.process();
        if (!end(process.toHandle())) {
            throw new IOException(child.name() + " did not end within " + PATIENCE_SECONDS + " s, and was killed");
        }
    }

    /** Ends one that has nothing to lose: what it would still write is thrown away. */
    void kill(Child child) {
        child.process().destroyForcibly();
        awaitQuietly(child.process().toHandle());
        synchronized (this) {
            running.remove(child.process().toHandle());
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> left;
        synchronized (this) {
            left = List.copyOf(running);
        }
        left.forEach(ProcessHandle::destroy); // all at once, then one after the other
        left.forEach(this::end);
    }

    /** Takes over a process that another one of ours has left behind. */
    synchronized void adopt(ProcessHandle process) {
        running.add(process);
    }

    /** Ends any of them; whether it did so when it was asked. */
    boolean end(ProcessHandle process) {
        process.destroy();
        boolean ended = awaitQuietly(process);
        if (!ended) {
            process.destroyForcibly();
            awaitQuietly(process);
        }
        synchronized (this) {
            running.remove(process);
        }
        return ended;
    }

    private synchronized Path newFile(String name) {
        return folder.resolve(name.replace(' ', '-') + "-" + started++ + ".txt");
    }

    private synchronized Process start(List<String> command, Map<String, String> variables, Path out, Path err)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile());
        if (out.equals(err)) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(err.toFile());
        }
        builder.environment().putAll(variables);
        Process process = builder.start();
        running.add(process.toHandle());
        return process;
    }

    private boolean awaitEnd(Process process, int timeoutSeconds) throws IOException {
        long endNs = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
        try {
            while (!process.waitFor(LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS)) {
                if (leaves.getAsBoolean()) {
                    throw new EndedEarly();
                }
                if (System.nanoTime() > endNs) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedEarly();
        }
    }

    /** Ctrl-C ends the children of a terminal as well as us, and they may be quicker. */
    private void checkNotTogether() throws EndedEarly {
        Pause.ms(TOGETHER_MS);
        if (leaves.getAsBoolean()) {
            throw new EndedEarly();
        }
    }

    private static boolean awaitQuietly(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
