package writeboost.engine.nbd;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.ThreadTasks;

/** Serves a disk in memory until killed: for the conformance suite, real clients and measurements. */
public final class NbdTestServer {
    private NbdTestServer() {}

    /**
     * Runs it.
     *
     * @param args socket path, size in MiB (up to 2047), and optionally "late": answers come later, on other threads
     */
    public static void main(String[] args) throws Exception {
        int size = Integer.parseInt(args[1]) << 20;
        boolean late = args.length > 2 && args[2].equals("late");
        ThreadTasks tasks = new ThreadTasks((thread, e) -> e.printStackTrace());
        NbdServer server =
                new NbdServer(tasks, (connection, what, cause) -> System.out.println(connection + ": " + what));
        server.addExport("memory", late ? new Late(size) : new MemoryDisk(size));
        MemoryDisk readOnly = new MemoryDisk(Math.min(size, 64 << 20));
        readOnly.readOnly = true;
        server.addExport("read-only", readOnly);
        Path socket = Path.of(args[0]);
        server.listenUnix(socket);
        System.out.println(NbdServer.uri(socket, "memory"));
        Thread.currentThread().join();
    }

    /** Answers most requests later, out of order, on threads of its own. */
    private static final class Late extends MemoryDisk {
        private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

        Late(int sizeBytes) {
            super(sizeBytes);
        }

        @Override
        public void submit(DiskRequest request) {
            int micros = ThreadLocalRandom.current().nextInt(400);
            if (micros < 100) {
                super.submit(request);
            } else {
                var unused = threads.schedule(() -> super.submit(request), micros, TimeUnit.MICROSECONDS);
            }
        }
    }
}
