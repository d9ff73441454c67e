package writeboost.engine.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * The simplest cache that keeps the promises, for testing the simulation itself: writes wait in RAM; a flush puts them
 * into a journal on the cache device, makes that durable, writes them to the backing device, makes that durable, and voids
 * the journal. Each {@link Mistake} breaks it in a way that the simulation has to notice.
 */
final class TinyCache implements Subject {
    /** Ways to get it wrong. */
    enum Mistake {
        /** The journal is not made durable, nor the backing device. */
        NO_SYNC,
        /** A flush that finds another one on its way waits for that one, although it began too early. */
        JOINS_FLUSH,
        /** The journal is believed without looking at its checksum. */
        NO_CHECKSUM,
        /** The journal of the last flush stays valid while a small one writes to the backing device directly. */
        STALE_JOURNAL,
        /** What is in RAM is forgotten before it has reached the backing device. */
        FORGETS_EARLY,
        /** A write that begins inside a sector merges with the backing device's old content. */
        MERGES_OLD,
        /** The first half of a write can be seen before the second half of the same sector. */
        TEARS,
        /** Nobody is told when the queue is no longer empty. */
        LOST_WAKEUP,
        /** Waits for what never comes, but never stops looking. */
        SPINS,
        /** Catches everything, and goes on. */
        SWALLOWS,
        /** A request is completed twice. */
        COMPLETES_TWICE,
        /** What was written later may survive when what was written earlier does not. */
        NO_ORDER,
        /** The buffer of a write is used after the write was completed. */
        KEEPS_BUFFER,
        /** A flush that finds nothing to do is never completed. */
        LOSES_REQUEST
    }

    private final Set<Mistake> mistakes;

    TinyCache(Mistake... mistakes) {
        this.mistakes = EnumSet.noneOf(Mistake.class);
        this.mistakes.addAll(List.of(mistakes));
    }

    private boolean is(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    @Override
    public long cacheBytes() {
        return TinyJournal.BYTES;
    }

    @Override
    public Phase place(long cacheOffsetBytes) {
        return cacheOffsetBytes == 0 ? Phase.CHECKPOINT : Phase.SEGMENT;
    }

    @Override
    public void format(BlockDevice cache, BlockDevice backing, Tasks tasks) throws IOException {
        new TinyJournal(cache, true).voidIt();
        cache.sync();
    }

    /** To this cache every device is formatted. */
    @Override
    public boolean isNotFormatted(IOException refusal) {
        return false;
    }

    @Override
    public Pair open(BlockDevice cache, BlockDevice backing, Tasks tasks, SimRandom random) throws IOException {
        Opened opened = new Opened(cache, backing, tasks);
        opened.replay();
        tasks.start("wb-worker", opened::work);
        tasks.start("wb-reader", opened::work);
        return opened;
    }

    private final class Opened implements Pair, Disk {
        private final BlockDevice cache;
        private final BlockDevice backing;
        private final Tasks tasks;
        private final TinyJournal journal;
        private final Monitor state;
        private final Monitor.Signal queued;
        private final Monitor.Signal flushEnded;
        /** Of one flush at a time. */
        private final Monitor io;

        private final ArrayDeque<DiskRequest> queue = new ArrayDeque<>();
        private final TreeMap<Integer, byte[]> ram = new TreeMap<>();
        private int flushing;
        private boolean stopped;

        Opened(BlockDevice cache, BlockDevice backing, Tasks tasks) {
            this.cache = cache;
            this.backing = backing;
            this.tasks = tasks;
            this.journal = new TinyJournal(cache, !is(Mistake.NO_CHECKSUM));
            this.state = tasks.newMonitor("state");
            this.queued = state.newSignal("queued");
            this.flushEnded = state.newSignal("flush ended");
            this.io = tasks.newMonitor("io");
        }

        @Override
        public long sizeBytes() {
            return backing.sizeBytes();
        }

        @Override
        public String description() {
            return "tiny";
        }

        @Override
        public boolean readOnly() {
            return false;
        }

        @Override
        public void submit(DiskRequest request) {
            if (request.op == DiskRequest.Op.TRIM || request.op == DiskRequest.Op.PREFETCH) {
                request.complete(DiskError.OK);
                return;
            }
            state.lock();
            if (is(Mistake.LOST_WAKEUP)) {
                queued.raise();
                state.unlock();
                state.lock();
                queue.add(request);
            } else {
                queue.add(request);
                queued.raise();
            }
            state.unlock();
        }

        private void work() {
            while (true) {
                try {
                    DiskRequest request = take();
                    if (request == null) {
                        return;
                    }
                    perform(request);
                    if (is(Mistake.LOSES_REQUEST) && request.op == DiskRequest.Op.FLUSH && idle()) {
                        continue;
                    }
                    request.complete(DiskError.OK);
                    if (is(Mistake.COMPLETES_TWICE) && request.op == DiskRequest.Op.FLUSH) {
                        request.complete(DiskError.OK);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } catch (Throwable e) {
                    if (!is(Mistake.SWALLOWS)) {
                        throw e;
                    }
                }
            }
        }

        private @Nullable DiskRequest take() {
            state.lock();
            try {
                while (queue.isEmpty()) {
                    if (stopped) {
                        return null;
                    }
                    queued.await();
                }
                return queue.poll();
            } finally {
                state.unlock();
            }
        }

        private boolean idle() {
            state.lock();
            try {
                return ram.isEmpty() && queue.isEmpty();
            } finally {
                state.unlock();
            }
        }

        private void perform(DiskRequest request) throws IOException {
            switch (request.op) {
                case READ -> read(request);
                case WRITE, ZERO -> {
                    write(request);
                    if (request.fua) {
                        flushAll();
                    }
                }
                case FLUSH -> flushAll();
                default -> throw new IllegalStateException("not queued: " + request.op);
            }
        }

        // ---- requests ----

        private void read(DiskRequest request) throws IOException {
            ByteBuffer to = bufferOf(request);
            int first = (int) (request.offsetBytes / Stamp.SECTOR);
            int last = (int) ((request.offsetBytes + request.lengthBytes - 1) / Stamp.SECTOR);
            byte[] image;
            if (is(Mistake.FORGETS_EARLY)) {
                image = fetch(first, last);
            } else {
                // Behind the lock of flushes nothing moves from RAM to the backing device.
                io.lock();
                image = fetch(first, last);
                io.unlock();
            }
            to.duplicate().put(image, (int) (request.offsetBytes % Stamp.SECTOR), (int) request.lengthBytes);
        }

        private byte[] fetch(int first, int last) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate((last - first + 1) * Stamp.SECTOR);
            backing.read((long) first * Stamp.SECTOR, bytes);
            state.lock();
            for (Map.Entry<Integer, byte[]> e : ram.subMap(first, last + 1).entrySet()) {
                bytes.put((e.getKey() - first) * Stamp.SECTOR, e.getValue());
            }
            state.unlock();
            return bytes.array();
        }

        private void write(DiskRequest request) throws IOException {
            int first = (int) (request.offsetBytes / Stamp.SECTOR);
            int last = (int) ((request.offsetBytes + request.lengthBytes - 1) / Stamp.SECTOR);
            int skipped = (int) (request.offsetBytes % Stamp.SECTOR);
            if (is(Mistake.KEEPS_BUFFER)) {
                tasks.start("wb-late", () -> put(first, new byte[0], request, skipped));
                return;
            }
            if (skipped == 0 && request.lengthBytes % Stamp.SECTOR == 0) {
                put(first, new byte[(last - first + 1) * Stamp.SECTOR], request, skipped);
                return;
            }
            io.lock();
            byte[] base = fetch(first, last);
            if (is(Mistake.MERGES_OLD)) {
                backing.read((long) first * Stamp.SECTOR, ByteBuffer.wrap(base));
            }
            put(first, base, request, skipped);
            io.unlock();
        }

        private void put(int first, byte[] base, DiskRequest request, int skipped) {
            byte[] bytes = base;
            if (bytes.length == 0) {
                bytes = new byte[(int) request.lengthBytes + skipped];
            }
            if (request.op == DiskRequest.Op.WRITE) {
                bufferOf(request).duplicate().get(bytes, skipped, (int) request.lengthBytes);
            }
            state.lock();
            for (int i = 0; i < bytes.length / Stamp.SECTOR; i++) {
                byte[] sector = new byte[Stamp.SECTOR];
                System.arraycopy(bytes, i * Stamp.SECTOR, sector, 0, Stamp.SECTOR);
                byte[] old = ram.get(first + i);
                if (is(Mistake.TEARS) && old != null) {
                    System.arraycopy(sector, 0, old, 0, Stamp.SECTOR / 2);
                    state.unlock();
                    state.lock();
                }
                ram.put(first + i, sector);
            }
            state.unlock();
        }

        private ByteBuffer bufferOf(DiskRequest request) {
            ByteBuffer buffer = request.data;
            if (buffer == null) {
                throw new IllegalArgumentException("no buffer");
            }
            return buffer;
        }

        // ---- flush ----

        private void flushAll() throws IOException {
            if (is(Mistake.JOINS_FLUSH) && joined()) {
                return;
            }
            state.lock();
            flushing++;
            state.unlock();
            io.lock();
            flushLocked();
            io.unlock();
            state.lock();
            flushing--;
            flushEnded.raise();
            state.unlock();
        }

        private boolean joined() {
            state.lock();
            try {
                boolean join = flushing > 0;
                while (flushing > 0) {
                    flushEnded.await();
                }
                return join;
            } finally {
                state.unlock();
            }
        }

        private void flushLocked() throws IOException {
            List<Integer> addresses = new ArrayList<>();
            List<byte[]> contents = new ArrayList<>();
            state.lock();
            for (Iterator<Map.Entry<Integer, byte[]>> i = ram.entrySet().iterator();
                    i.hasNext() && addresses.size() < TinyJournal.MAX_SECTORS; ) {
                Map.Entry<Integer, byte[]> e = i.next();
                addresses.add(e.getKey());
                contents.add(e.getValue());
                if (is(Mistake.FORGETS_EARLY)) {
                    i.remove();
                }
            }
            state.unlock();
            if (addresses.isEmpty()) {
                return;
            }
            if (is(Mistake.SPINS)) {
                while (addresses.size() > 3) {
                    tasks.sleep(1_000_000);
                }
            }
            boolean small = is(Mistake.STALE_JOURNAL) && addresses.size() < 4;
            if (!small && !is(Mistake.NO_ORDER)) {
                journal.write(addresses, contents);
                if (!is(Mistake.NO_SYNC)) {
                    cache.sync();
                }
            }
            writeHome(addresses, contents);
            if (!small && !is(Mistake.STALE_JOURNAL)) {
                journal.voidIt();
            }
            state.lock();
            for (int i = 0; i < addresses.size(); i++) {
                ram.remove(addresses.get(i), contents.get(i));
            }
            state.unlock();
        }

        private void replay() throws IOException {
            SortedMap<Integer, byte[]> found = journal.read((int) (sizeBytes() / Stamp.SECTOR));
            if (!found.isEmpty()) {
                writeHome(List.copyOf(found.keySet()), List.copyOf(found.values()));
            }
            cache.sync();
            backing.sync();
        }

        private void writeHome(List<Integer> addresses, List<byte[]> contents) throws IOException {
            for (int i = 0; i < addresses.size(); ) {
                int n = 1;
                while (i + n < addresses.size() && addresses.get(i + n) == addresses.get(i) + n) {
                    n++;
                }
                ByteBuffer run = ByteBuffer.allocate(n * Stamp.SECTOR);
                contents.subList(i, i + n).forEach(run::put);
                backing.write((long) addresses.get(i) * Stamp.SECTOR, run.flip());
                i += n;
            }
            if (!is(Mistake.NO_SYNC)) {
                backing.sync();
            }
        }

        // ---- the pair ----

        @Override
        public Disk disk() {
            return this;
        }

        @Override
        public void sync() throws IOException {
            flushAll();
        }

        @Override
        public void flush() throws IOException {
            flushAll();
        }

        @Override
        public void drop() throws IOException {
            flushAll();
        }

        @Override
        public void tweak(SimRandom random) {}

        @Override
        public void stop() throws IOException {
            flushAll();
            state.lock();
            stopped = true;
            queued.raise();
            state.unlock();
        }

        @Override
        public void status(StatusContext context, long offsetBytes, long lengthBytes, int maxExtents, ExtentSink sink) {
            sink.extent(lengthBytes, 0);
        }
    }
}
