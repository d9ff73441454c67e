package writeboost.engine.nbd;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

/** How much a client may ask of the server. Everything that a peer can make grow has its bound here, with the reason. */
final class Limits {
    /** Any byte range is served: the disk merges partial sectors itself. */
    static final int BLOCK_BYTES_MIN = 1;
    /** The unit in which the cache keeps data; smaller writes cost a merge. */
    static final int BLOCK_BYTES_PREFERRED = 4096;
    /** Largest payload: exactly what Linux's client sends at most, and what clients assume that ask for no limit. */
    static final int PAYLOAD_BYTES_MAX = 32 << 20;

    /** What a name or a query may measure, by the protocol. */
    static final int STRING_BYTES_MAX = 4096;
    /** Options in one handshake: honest clients send fewer than ten, and each costs a reply. */
    static final int OPTIONS_MAX = 64;
    /** Data of an option that is looked at: the longest name and a dozen queries of the longest kind. */
    static final int OPTION_BYTES_MAX = 64 << 10;
    /** Data of an option that is read and thrown away to stay in step; beyond that the client means no good. */
    static final int OPTION_SKIP_BYTES_MAX = 32 << 20;
    /** Queries in one metadata option; there are two contexts. */
    static final int QUERIES_MAX = 64;
    /** From accepting a connection to its first request: local handshakes take a millisecond. */
    static final long HANDSHAKE_NS_MAX = SECONDS.toNanos(10);
    /** Connections in the handshake; one more pushes out the oldest, so that stalled ones never keep others out. */
    static final int HANDSHAKES_MAX = 64;
    /** Connections past the handshake, over all exports: each costs two threads and a receive buffer. */
    static final int CLIENTS_MAX = 128;
    /**
     * Connections of any kind: clients, handshakes, and those that were cut and whose thread has not noticed yet. One
     * more is not accepted until one of these is gone, so that a flood of them can't pile up threads.
     */
    static final int CONNECTIONS_MAX = CLIENTS_MAX + 2 * HANDSHAKES_MAX;
    /** Answers gathered in a handshake before they are sent: options are small, but what they ask for need not be. */
    static final int HANDSHAKE_REPLY_BYTES = 64 << 10;
    /** Exports of one server; a LIST answer names them all. */
    static final int EXPORTS_MAX = 64;
    /** Connections that wait to be accepted; more are refused by the kernel until these are. */
    static final int BACKLOG = 128;

    /** Requests of one connection between receipt and reply: twice the tags of Linux's client. */
    static final int REQUESTS_MAX = 256;
    /** Payload of one connection between receipt and reply: two of the largest requests. */
    static final long CONNECTION_BYTES_MAX = 64L << 20;
    /** Payload that a connection may always have in flight, however little of the common limit is left. */
    static final long CONNECTION_BYTES_GRANTED = 1L << 20;
    /** Payload of all connections beyond what each is granted: four connections at full tilt. */
    static final long SERVER_BYTES_MAX = 256L << 20;
    /**
     * How long a client may take to send one payload, or to take one reply, while it holds memory of the common limit
     * that others wait for; then it is cut. Nobody is cut for being slow as long as there is enough for all.
     */
    static final long STALL_NS_MAX = SECONDS.toNanos(30);
    /** How often those who wait for memory look for such clients. */
    static final long STALL_CHECK_NS = SECONDS.toNanos(1);
    /**
     * Memory kept for reuse of which nothing is out: what a few busy connections turn over; more goes back to the system.
     * A slab is idle as a whole or not at all.
     */
    static final long IDLE_BUFFER_BYTES_MAX = 64L << 20;
    /**
     * All slabs: what two connections at full tilt hold. A slab can't go back to the system while a slice of it is out, so
     * this also bounds what a few slow clients can keep from it; long requests beyond it have small pages.
     */
    static final long SLAB_BYTES_MAX = 128L << 20;

    /** Payload that lives in a request's own page; larger ones borrow a buffer. */
    static final int PAGE_BYTES = 4096;
    /** One read takes this much: more than a unix socket holds by default. */
    static final int RECEIVE_BYTES = 256 << 10;
    /** A WRITE up to this length is taken whole from the receive buffer; a longer one is read into its own buffer. */
    static final int SMALL_WRITE_BYTES = 32 << 10;
    /** What one read takes after a long WRITE, so that little of the next one has to be copied. */
    static final int RECEIVE_BYTES_AFTER_LONG = 4096;
    /** Replies gathered for one write. */
    static final int SEND_BYTES = 256 << 10;
    /** READ data up to this length is copied among the replies; copying costs less than a vector of pieces. */
    static final int SEND_COPY_BYTES = 16 << 10;
    /** Replies of this size are sent before more requests are taken, while their data is in the processor's cache. */
    static final int SEND_EARLY_BYTES = 128 << 10;

    /** What a thread asks for that rests to let requests gather; it gets some microseconds, in which a client sends one or two. */
    static final long GATHER_NS = 1_000;
    /** How much longer than that it may rest. */
    static final long GATHER_SLACK_NS = 1_000;
    /** Extents per context in one BLOCK_STATUS reply; the client asks on from where they end. */
    static final int EXTENTS_MAX = 2048;

    /** How long stopping waits for requests in flight, unless told otherwise. */
    static final long DRAIN_NS_DEFAULT = SECONDS.toNanos(10);
    /** After a connection was cut: its threads need no more than this, unless the disk still holds a request. */
    static final long CUT_NS_MAX = SECONDS.toNanos(2);
    /** Pause after a failed accept (no descriptors left, say): the condition does not pass at once. */
    static final long ACCEPT_RETRY_NS = MILLISECONDS.toNanos(100);

    private Limits() {}
}
