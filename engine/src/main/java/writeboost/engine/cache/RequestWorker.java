package writeboost.engine.cache;

import java.io.IOException;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** Handles, on a task of a {@link SlowPool}, requests that need a device. */
final class RequestWorker implements SlowPool.Handler {
    private final ReadPath reads;
    private final BlockReader single;
    private final WritePath writes;
    private final RequestEnd end;
    private final Scratch scratch = new Scratch();
    private final Scratch.Base base = new Scratch.Base();

    RequestWorker(ReadPath reads, BlockReader single, WritePath writes, RequestEnd end) {
        this.reads = reads;
        this.single = single;
        this.writes = writes;
        this.end = end;
    }

    @Override
    public void handle(DiskRequest r) {
        if (r.op == DiskRequest.Op.READ) {
            end.read(r, reads.read(r));
            return;
        }
        try {
            readBase(r);
            end.written(r, advance(r));
        } catch (IOException e) {
            r.complete(DiskError.EIO);
        }
    }

    /**
     * Goes on with a write as far as there is room, reading what it needs from the devices.
     *
     * @throws IOException if a device refuses
     */
    WritePath.Outcome advance(DiskRequest r) throws IOException {
        WritePath.Outcome outcome = writes.advance(r, scratch, base);
        while (outcome == WritePath.Outcome.NEEDS_BASE) {
            readBase(r);
            outcome = writes.advance(r, scratch, base);
        }
        return outcome;
    }

    private void readBase(DiskRequest r) throws IOException {
        single.readBase(WritePath.blockAt(r), WritePath.edgesAt(r), base);
    }
}
