package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.error.Invariant;

/**
 * A request from receipt to reply. Belongs to one connection for life and is used again and again: free, with the
 * receiving thread, with the disk, in the outbox, free. Whoever has it owns its fields.
 */
final class NbdRequest extends DiskRequest {
    private final Outbox outbox;
    private final ByteBuffer page;

    long cookie;
    int command;
    DiskError error = DiskError.OK;
    /** For a structured error: why, or empty. */
    String text = "";
    /** A buffer of the pool, when the payload is longer than a page. */
    @Nullable ByteBuffer borrowed;
    /** How much of {@link #borrowed} counts against the server's budget. */
    long budgetBytes;
    /** It ended on the receiving thread, which alone looks at this. */
    boolean endedLocally;
    /** The next one in whatever list it is. */
    @Nullable NbdRequest following;

    private boolean open;

    /**
     * Makes one.
     *
     * @param page {@link Limits#PAGE_BYTES} of memory for small payloads
     */
    NbdRequest(Outbox outbox, ByteBuffer page) {
        this.outbox = outbox;
        this.page = page;
    }

    /** Takes over what the client said, payload apart. */
    void begin(RequestHeader header) {
        cookie = header.cookie;
        command = header.command;
        offsetBytes = header.offsetBytes;
        lengthBytes = header.lengthBytes;
        fua = (header.flags & Wire.CMD_FLAG_FUA) != 0;
        noHole = (header.flags & Wire.CMD_FLAG_NO_HOLE) != 0;
        fast = (header.flags & Wire.CMD_FLAG_FAST_ZERO) != 0;
        data = null;
        error = DiskError.OK;
        text = "";
        endedLocally = false;
        open = true;
    }

    /** Has the payload in the request's own page. */
    ByteBuffer usePage(int lengthBytes) {
        data = page.clear().limit(lengthBytes);
        return page;
    }

    /** Ends the request without the disk. */
    void refuse(Verdict verdict) {
        text = verdict.text();
        complete(verdict.error());
    }

    @Override
    public void complete(DiskError result) {
        Invariant.check(open, "a request is completed once");
        open = false;
        error = result;
        outbox.completed(this);
    }
}
