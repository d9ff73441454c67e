package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Clients that do something at the same time. */
final class Crowd {
    private Crowd() {}

    /** What one of them does. */
    @FunctionalInterface
    interface Client {
        /**
         * Does it.
         *
         * @param number of this client, from 0 on
         * @return its part of the sum
         */
        double run(int number) throws IOException;
    }

    /** Runs them all, each on a thread of its own, to their ends. Returns the sum of what they return. */
    static double run(int clients, Client client) throws IOException {
        List<FutureTask<Double>> tasks = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int number = i;
            FutureTask<Double> task = new FutureTask<>(() -> client.run(number));
            tasks.add(task);
            Thread thread = new Thread(task, "wb-bench-client-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        double sum = 0;
        IOException failure = null;
        for (FutureTask<Double> task : tasks) {
            try {
                sum += task.get();
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the bench was interrupted", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return sum;
    }
}
