package writeboost.engine.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** A request of a {@link SimClient}. */
final class SimRequest extends DiskRequest {
    private final SimClient client;
    private @Nullable Version version;
    private Oracle.@Nullable Read read;
    private long flushBegunAt;
    private boolean ended;
    private int position;
    private int injectedBefore;
    /** Of a change: whether a block of it may have been lost when it began; somebody else may overwrite that meanwhile. */
    boolean lostBefore;

    SimRequest(SimClient client) {
        this.client = client;
    }

    private Oracle oracle() {
        return client.shared().oracle;
    }

    /** Tells the oracle, and fills in what is written. */
    void begin() {
        ByteBuffer buffer = data;
        position = buffer == null ? 0 : buffer.position();
        injectedBefore = client.shared().faults.injected();
        lostBefore = op != Op.READ && op != Op.FLUSH && oracle().mayFailToWrite(offsetBytes, lengthBytes);
        String what = client.name() + " " + op + (fua ? " FUA" : "");
        switch (op) {
            case READ -> read = oracle().readBegin(offsetBytes, lengthBytes, what);
            case FLUSH -> flushBegunAt = oracle().flushBegin();
            case TRIM -> version = oracle().start(Version.Kind.ANY, offsetBytes, lengthBytes, what);
            case ZERO -> version = oracle().start(Version.Kind.ZERO, offsetBytes, lengthBytes, what);
            case WRITE -> {
                version = oracle().start(Version.Kind.DATA, offsetBytes, lengthBytes, what);
                if (buffer != null) {
                    buffer.duplicate().put(content(version.number));
                }
            }
            case PREFETCH -> {}
        }
    }

    private byte[] content(int number) {
        int first = (int) (offsetBytes / Stamp.SECTOR);
        int last = (int) ((offsetBytes + lengthBytes - 1) / Stamp.SECTOR);
        byte[] whole = new byte[(last - first + 1) * Stamp.SECTOR];
        for (int s = first; s <= last; s++) {
            Stamp.fill(whole, (s - first) * Stamp.SECTOR, s, number);
        }
        int skipped = (int) (offsetBytes % Stamp.SECTOR);
        return Arrays.copyOfRange(whole, skipped, skipped + (int) lengthBytes);
    }

    @Override
    public void complete(DiskError error) {
        SimScheduler scheduler = client.shared().scheduler;
        if (scheduler.dying()) {
            return;
        }
        scheduler
                .trace()
                .add(scheduler.steps(), scheduler.current().name, 0, "complete", op.name(), offsetBytes, lengthBytes);
        try {
            finish(error);
        } catch (SimFailure e) {
            scheduler.fail(e);
        }
    }

    private void finish(DiskError error) {
        if (ended) {
            throw new SimFailure("a request ended twice: " + this);
        }
        ended = true;
        ByteBuffer buffer = data;
        if (buffer != null && (buffer.position() != position || buffer.remaining() != lengthBytes)) {
            throw new SimFailure("position or limit of the buffer were changed: " + this);
        }
        if (!client.mayEndWith(this, error, injectedBefore, read)) {
            long unreadable = read == null ? 0 : read.allowed.length;
            throw new SimFailure(this + " ended with " + error, Losses.lost(unreadable));
        }
        tell(error == DiskError.OK, buffer);
        scribble(buffer);
        client.ended(this);
    }

    private void tell(boolean ok, @Nullable ByteBuffer buffer) {
        if (op == Op.FLUSH && ok) {
            oracle().flushed(flushBegunAt, client.name() + " FLUSH");
        } else if (op == Op.FLUSH) {
            oracle().flushFailed();
        }
        if (version != null && ok) {
            oracle().acknowledged(version, offsetBytes, lengthBytes, fua);
        } else if (version != null) {
            oracle().failed(version, offsetBytes, lengthBytes);
        }
        if (read != null && buffer != null && ok) {
            byte[] got = new byte[(int) lengthBytes];
            buffer.duplicate().get(got);
            oracle().readEnd(read, got, (int) (offsetBytes % Stamp.SECTOR));
        } else if (read != null) {
            oracle().readFailed(read);
        }
    }

    /** The buffer is ours again: whoever still uses it will be found out. */
    private static void scribble(@Nullable ByteBuffer buffer) {
        if (buffer != null) {
            ByteBuffer all = buffer.duplicate();
            while (all.hasRemaining()) {
                all.put((byte) 0xEE);
            }
        }
    }

    @Override
    public String toString() {
        return client.name() + " " + op + (fua ? " FUA" : "") + " of " + lengthBytes + " bytes at " + offsetBytes;
    }
}
