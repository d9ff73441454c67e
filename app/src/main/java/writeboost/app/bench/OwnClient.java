package writeboost.app.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import writeboost.app.client.NbdClient;

/** The client of this project: needs nothing that is not here, and takes a connection of its own for each client. */
final class OwnClient implements LoadClient {
    private final String description;
    private final BooleanSupplier leaves;

    /**
     * Makes one.
     *
     * @param description for the report; says so if it stands in for another
     * @param leaves whether the user wants the bench to end
     */
    OwnClient(String description, BooleanSupplier leaves) {
        this.description = description;
        this.leaves = leaves;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Turn run(Load load, Address server) throws IOException {
        List<FutureTask<Turn>> tasks = new ArrayList<>();
        for (int i = 0; i < load.clients(); i++) {
            Load part = load.seed(load.seed() + i).atMostBytes(load.maxBytes() / load.clients());
            FutureTask<Turn> task = new FutureTask<>(() -> runOne(part, server));
            tasks.add(task);
            Thread thread = new Thread(task, "wb-bench-load-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        List<Turn> turns = new ArrayList<>();
        for (FutureTask<Turn> task : tasks) {
            turns.add(result(task));
        }
        return together(turns);
    }

    private static Turn together(List<Turn> turns) {
        long requests = 0;
        long bytes = 0;
        double seconds = 0;
        double waited = 0;
        for (Turn turn : turns) {
            requests += turn.requests();
            bytes += turn.bytes();
            seconds = Math.max(seconds, turn.seconds());
            waited += turn.meanLatencySeconds() * turn.requests();
        }
        return new Turn(requests, bytes, seconds, waited / Math.max(1, requests), 0);
    }

    private static Turn result(FutureTask<Turn> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedEarly();
        }
    }

    private Turn runOne(Load load, Address server) throws IOException {
        try (NbdClient client = NbdClient.connect(server.socket(), server.export())) {
            Places places = new Places(load);
            ByteBuffer data = noise(load);
            long startNs = System.nanoTime();
            long endNs = load.seconds() == 0 ? Long.MAX_VALUE : startNs + load.seconds() * 1_000_000_000L;
            long most = load.maxBytes() == 0 ? Long.MAX_VALUE : Math.max(1, load.maxBytes() / load.blockBytes());
            long requests = 0;
            while (requests < most && (endNs == Long.MAX_VALUE || System.nanoTime() < endNs)) {
                if (leaves.getAsBoolean()) {
                    throw new EndedEarly();
                }
                send(client, load, places.next(), data);
                requests++;
            }
            client.awaitAll();
            if (load.flush() == Load.Flush.AT_END) {
                client.flush();
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            double latency = seconds * load.depth() / Math.max(1, requests); // Little's law: all slots are always taken
            return new Turn(requests, requests * load.blockBytes(), seconds, latency, 0);
        }
    }

    private static void send(NbdClient client, Load load, long place, ByteBuffer data) throws IOException {
        if (load.kind().isRead()) {
            client.readAndForget(place, load.blockBytes(), load.depth());
            return;
        }
        client.write(place, data.duplicate(), load.depth());
        if (load.flush() == Load.Flush.AFTER_EACH) {
            client.flush();
        }
    }

    private static ByteBuffer noise(Load load) {
        ByteBuffer data = ByteBuffer.allocateDirect(load.blockBytes());
        SplittableRandom random = new SplittableRandom(load.seed());
        while (data.hasRemaining()) {
            data.putLong(random.nextLong());
        }
        return data.flip();
    }
}
