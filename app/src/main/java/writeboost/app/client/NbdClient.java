package writeboost.app.client;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A small NBD client: fixed newstyle, simple replies, many requests in flight. Used by one thread.
 *
 * <p>Names and numbers are those of the protocol document (NetworkBlockDevice, proto.md).
 */
public final class NbdClient implements Closeable {
    private static final long NBDMAGIC = 0x4e42444d41474943L;
    private static final long IHAVEOPT = 0x49484156454f5054L;
    private static final long REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    private static final int OPT_GO = 7;
    private static final int REP_ACK = 1;
    private static final int REP_INFO = 3;
    private static final int INFO_EXPORT = 0;
    private static final int CMD_READ = 0;
    private static final int CMD_WRITE = 1;
    private static final int CMD_DISC = 2;
    private static final int CMD_FLUSH = 3;
    private static final int CMD_TRIM = 4;
    private static final int REQUEST_BYTES = 28;
    private static final int REPLY_BYTES = 16;
    /** More than anybody asks for here. */
    public static final int IN_FLIGHT_MAX = 64;

    private static final long FREE = -1;
    /** Of requests that have no range. */
    private static final long NOWHERE = -2;
    /** The longest option reply that a server has reason to send. */
    private static final int OPTION_REPLY_BYTES_MAX = 1 << 16;

    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(256 << 10);
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10).flip();
    private long sizeBytes;
    private final long[] offsets = new long[IN_FLIGHT_MAX]; // by cookie; FREE if it is not in flight
    private final int[] unread = new int[IN_FLIGHT_MAX]; // by cookie; bytes that the reply brings and nobody wants
    private long replies;
    private int inFlight;

    private NbdClient(SocketChannel channel) {
        this.channel = channel;
        Arrays.fill(offsets, FREE);
    }

    /** Connects to an export. */
    public static NbdClient connect(Path socket, String export) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        NbdClient client = new NbdClient(channel);
        boolean done = false;
        try {
            client.negotiate(export);
            done = true;
            return client;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Size of the disk. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Whether a write of that place is in flight: a server may do two such in either order. */
    public boolean isInFlight(long offsetBytes) {
        for (long offset : offsets) {
            if (offset == offsetBytes) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sends a write, after waiting until fewer than so many are in flight.
     *
     * @param maxInFlight 1..{@value #IN_FLIGHT_MAX}
     */
    public void write(long offsetBytes, ByteBuffer data, int maxInFlight) throws IOException {
        awaitFewerThan(Math.min(maxInFlight, IN_FLIGHT_MAX));
        if (out.remaining() < REQUEST_BYTES + data.remaining()) {
            send();
        }
        request(CMD_WRITE, offsetBytes, data.remaining(), offsetBytes);
        if (out.remaining() < data.remaining()) {
            send();
            sendAll(data);
        } else {
            out.put(data);
        }
    }

    /** Waits for all writes. */
    public void awaitAll() throws IOException {
        awaitFewerThan(1);
    }

    /** Waits for all writes, then sends a FLUSH and waits for it. */
    public void flush() throws IOException {
        awaitFewerThan(1);
        request(CMD_FLUSH, 0, 0, NOWHERE);
        awaitFewerThan(1);
    }

    /**
     * Tells a server that offers it that nobody needs what is there any more, and waits for the answer.
     *
     * @param lengthBytes above 0
     */
    public void trim(long offsetBytes, int lengthBytes) throws IOException {
        awaitFewerThan(1);
        request(CMD_TRIM, offsetBytes, lengthBytes, NOWHERE);
        awaitFewerThan(1);
    }

    /** Reads until the buffer is full. */
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        awaitFewerThan(1);
        request(CMD_READ, offsetBytes, into.remaining(), NOWHERE);
        send();
        takeReply();
        while (into.hasRemaining() && in.hasRemaining()) {
            into.put(in.get());
        }
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw gone();
            }
        }
    }

    /**
     * Sends a read whose data nobody looks at, after waiting until fewer than so many requests are in flight.
     *
     * @param maxInFlight 1..{@value #IN_FLIGHT_MAX}
     */
    public void readAndForget(long offsetBytes, int lengthBytes, int maxInFlight) throws IOException {
        awaitFewerThan(Math.min(maxInFlight, IN_FLIGHT_MAX));
        unread[request(CMD_READ, offsetBytes, lengthBytes, NOWHERE)] = lengthBytes;
    }

    /** Requests answered so far. */
    public long replies() {
        return replies;
    }

    /** Says goodbye; what is in flight may be lost. */
    @Override
    public void close() throws IOException {
        try (channel) {
            request(CMD_DISC, 0, 0, NOWHERE);
            send();
        }
    }

    private void negotiate(String export) throws IOException {
        need(8 + 8 + 2);
        if (in.getLong() != NBDMAGIC || in.getLong() != IHAVEOPT) {
            throw new IOException("the server does not speak newstyle NBD");
        }
        int offered = in.getShort();
        out.putInt(offered & 3);
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        out.putLong(IHAVEOPT).putInt(OPT_GO).putInt(4 + name.length + 2);
        out.putInt(name.length).put(name).putShort((short) 0);
        send();
        while (true) {
            need(8 + 4 + 4 + 4);
            long magic = in.getLong();
            in.getInt();
            int type = in.getInt();
            int length = in.getInt();
            if (magic != REPLY_MAGIC || length < 0 || length > OPTION_REPLY_BYTES_MAX) {
                throw new IOException("the server's answer to GO makes no sense");
            }
            byte[] data = bytes(length);
            if (type == REP_ACK) {
                return;
            }
            if (type < 0) {
                throw new IOException("the server refuses the export " + export + " (" + Integer.toHexString(type)
                        + "): " + new String(data, StandardCharsets.UTF_8));
            }
            ByteBuffer info = ByteBuffer.wrap(data);
            if (type == REP_INFO && length >= 10 && info.getShort() == INFO_EXPORT) {
                sizeBytes = info.getLong();
            }
        }
    }

    /** Puts a request into the next packet, and returns its cookie. */
    private int request(int command, long offsetBytes, int lengthBytes, long place) throws IOException {
        if (out.remaining() < REQUEST_BYTES) {
            send();
        }
        int cookie = 0;
        while (offsets[cookie] != FREE) {
            cookie++;
        }
        offsets[cookie] = place;
        inFlight++;
        out.putInt(REQUEST_MAGIC).putShort((short) 0).putShort((short) command).putLong(cookie);
        out.putLong(offsetBytes).putInt(lengthBytes);
        return cookie;
    }

    private void awaitFewerThan(int limit) throws IOException {
        if (inFlight < limit) {
            return;
        }
        send();
        while (inFlight >= limit) {
            takeReply();
        }
        // what has arrived besides costs no waiting
        while (inFlight > 0 && in.remaining() >= REPLY_BYTES) {
            takeReply();
        }
    }

    private void takeReply() throws IOException {
        need(REPLY_BYTES);
        int magic = in.getInt();
        int error = in.getInt();
        long cookie = in.getLong();
        if (magic != SIMPLE_REPLY_MAGIC || cookie < 0 || cookie >= IN_FLIGHT_MAX || offsets[(int) cookie] == FREE) {
            throw new IOException("the server's reply makes no sense");
        }
        offsets[(int) cookie] = FREE;
        inFlight--;
        replies++;
        if (error != 0) {
            throw new IOException("the server answered a request with error " + error);
        }
        skip(unread[(int) cookie]);
        unread[(int) cookie] = 0;
    }

    private void skip(int bytes) throws IOException {
        int left = bytes;
        while (left > 0) {
            need(Math.min(left, REPLY_BYTES));
            int piece = Math.min(left, in.remaining());
            in.position(in.position() + piece);
            left -= piece;
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] data = new byte[length];
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, in.capacity());
            need(piece);
            in.get(data, done, piece);
            done += piece;
        }
        return data;
    }

    private void send() throws IOException {
        sendAll(out.flip());
        out.clear();
    }

    private void sendAll(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    private void need(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return;
        }
        in.compact();
        while (in.position() < bytes) {
            if (channel.read(in) < 0) {
                throw gone();
            }
        }
        in.flip();
    }

    private static EOFException gone() {
        return new EOFException("the server closed the connection");
    }
}
