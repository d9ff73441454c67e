package writeboost.app.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * One client of a control socket.
 *
 * <p>Three threads, so that nobody waits for the wrong one: the reader sees a cancel and the end of the connection at any
 * moment; the worker runs the command and never writes to the client, so that a client who does not read holds nothing
 * up; the answerer writes progress and result.
 */
final class ControlConnection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);

    private final LineChannel lines;
    private final ControlCommands commands;
    private final ExecutorService threads;
    private final Object lock = new Object();
    private @Nullable Cancellation running; // guarded by lock; of the command that runs
    private int unanswered; // guarded by lock; commands whose last answer is not written yet

    ControlConnection(SocketChannel channel, ControlCommands commands, ExecutorService threads) {
        this.lines = new LineChannel(channel, ControlProtocol.MAX_REQUEST_BYTES);
        this.commands = commands;
        this.threads = threads;
    }

    /** Reads until the client closes. */
    @Override
    public void run() {
        try (lines) {
            takeAll();
        } catch (IOException | RejectedExecutionException e) {
            LOG.debug("a control connection ended: {}", Failures.sentence(e));
        } finally {
            cancel();
        }
    }

    private void takeAll() throws IOException {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(parse(line));
            }
        } catch (LineChannel.BadLine e) {
            write(ControlProtocol.error(new EngineException(ErrorCode.USAGE, Failures.sentence(e), e)));
        }
    }

    /** Ends the connection, after what runs has been answered or the time is up. */
    void close(long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        synchronized (lock) {
            long left = timeoutMs;
            while (unanswered > 0 && left > 0) {
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        }
        try {
            lines.close();
        } catch (IOException e) {
            LOG.debug("closing a control connection: {}", Failures.sentence(e));
        }
    }

    private static JsonNode parse(String line) throws LineChannel.BadLine {
        try {
            JsonNode request = Json.mapper().readTree(line);
            if (request.isObject()) {
                return request;
            }
        } catch (JsonProcessingException e) {
            LOG.debug("a control client sent no JSON", e);
        }
        throw new LineChannel.BadLine("a request is not a JSON object on one line");
    }

    private void take(JsonNode request) throws IOException {
        if (request.path("command").asText("").equals(ControlProtocol.CANCEL)) {
            cancel();
            return;
        }
        Cancellation cancellation = new Cancellation();
        synchronized (lock) {
            if (running == null) {
                running = cancellation;
                unanswered++;
                threads.execute(() -> answer(request, cancellation));
                return;
            }
        }
        lines.writeLine(Json.line(ControlProtocol.error(new EngineException(
                ErrorCode.STATE, "a command is running on this connection; wait for its result or cancel it"))));
    }

    private void cancel() {
        synchronized (lock) {
            if (running != null) {
                running.request();
            }
        }
    }

    /** On the answerer's thread: starts the worker, passes on how far it is, and then its result. */
    private void answer(JsonNode request, Cancellation cancellation) {
        AtomicReference<@Nullable ObjectNode> progress = new AtomicReference<>();
        Future<JsonNode> result = threads.submit(() -> commands.run(request, cancellation.over((done, total) -> {
            progress.set(ControlProtocol.progress(done, total));
            return true;
        })));
        ObjectNode last = await(result, progress);
        synchronized (lock) {
            // before the answer goes out: a client may send its next request as soon as it has it
            running = null;
        }
        write(last);
        synchronized (lock) {
            unanswered--;
            lock.notifyAll();
        }
    }

    private ObjectNode await(Future<JsonNode> result, AtomicReference<@Nullable ObjectNode> progress) {
        while (true) {
            try {
                return ControlProtocol.result(result.get(ControlProtocol.PROGRESS_INTERVAL_MS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                ObjectNode latest = progress.getAndSet(null);
                if (latest != null) {
                    write(latest);
                }
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                LOG.info("a command of a control client failed", cause);
                return ControlProtocol.error(cause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ControlProtocol.error(new EngineException(ErrorCode.STATE, "this process is ending", e));
            }
        }
    }

    private void write(ObjectNode answer) {
        try {
            lines.writeLine(Json.line(answer));
        } catch (IOException e) {
            LOG.debug("a control client went away: {}", Failures.sentence(e));
        }
    }
}
