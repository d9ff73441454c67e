package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskError;

/** A literal client: it sends what it is told, and takes replies as they come. For one thread. */
final class NbdClient implements Closeable {
    /** The outcome of a request. */
    static final class Reply {
        final long cookie;
        int error;
        boolean structured;
        byte[] data = {};
        String text = "";
        final Map<Integer, List<long[]>> extents = new HashMap<>();

        Reply(long cookie) {
            this.cookie = cookie;
        }
    }

    final SocketChannel channel;
    long size;
    int flags;
    private boolean structured;
    private long lastCookie = 1000;
    private final Map<Long, Integer> readLengths = new HashMap<>();
    private final Map<Long, Reply> partly = new HashMap<>();

    private NbdClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects, and does nothing else. */
    static NbdClient connect(SocketAddress address) throws IOException {
        return new NbdClient(SocketChannel.open(address));
    }

    static NbdClient connect(Path socket) throws IOException {
        return connect(UnixDomainSocketAddress.of(socket));
    }

    /** Connects and goes as far as transmission. */
    static NbdClient open(Path socket, String export) throws IOException {
        return connect(socket).greet().go(export);
    }

    NbdClient greet() throws IOException {
        assertThat(receive(18)).isEqualTo(Handshake.greeting());
        send(Packet.of().u32(3));
        return this;
    }

    /** Sends an option and takes all its replies. */
    List<OptionReply> option(Packet option) throws IOException {
        send(option);
        List<OptionReply> replies = new ArrayList<>();
        do {
            ByteBuffer head = receive(20);
            ByteBuffer data = receive(head.getInt(16));
            replies.add(OptionReply.parse(ByteBuffer.allocate(20 + data.remaining())
                    .put(head)
                    .put(data)
                    .flip()));
        } while (!replies.get(replies.size() - 1).last());
        return replies;
    }

    NbdClient structured() throws IOException {
        assertThat(option(Packet.option(Wire.OPT_STRUCTURED_REPLY)).get(0).type())
                .isEqualTo(Wire.REP_ACK);
        structured = true;
        return this;
    }

    /** Sets contexts; gives their ids by name. */
    Map<String, Integer> contexts(String export, String... queries) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (OptionReply reply : option(Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.queries(export, queries)))) {
            if (reply.type() == Wire.REP_META_CONTEXT) {
                ids.put(reply.textFrom(4), reply.buffer().getInt());
            }
        }
        return ids;
    }

    NbdClient go(String export) throws IOException {
        List<OptionReply> replies = option(Packet.option(Wire.OPT_GO, Packet.export(export)));
        OptionReply last = replies.get(replies.size() - 1);
        if (last.type() != Wire.REP_ACK) {
            throw new IOException("refused: " + last.text());
        }
        ByteBuffer info = replies.get(0).buffer();
        size = info.getLong(2);
        flags = info.getShort(10) & 0xFFFF;
        return this;
    }

    /** Sends a request; gives its cookie. */
    long request(int command, int flags, long offset, long length) throws IOException {
        long cookie = note(command, length);
        send(Packet.request(command, flags, cookie, offset, length));
        return cookie;
    }

    /** Sends a WRITE with its payload. */
    long requestWrite(int flags, long offset, byte[] data) throws IOException {
        long cookie = note(Wire.CMD_WRITE, data.length);
        send(Packet.request(Wire.CMD_WRITE, flags, cookie, offset, data.length).raw(data));
        return cookie;
    }

    /** Makes the bytes of a request without sending them. */
    Packet prepare(int command, long offset, long length) {
        return Packet.request(command, 0, note(command, length), offset, length);
    }

    /** Waits for the next reply to be complete, whichever it is. */
    Reply next() throws IOException {
        while (true) {
            Reply reply = message();
            if (reply != null) {
                return reply;
            }
        }
    }

    Reply call(int command, int flags, long offset, long length) throws IOException {
        long cookie = request(command, flags, offset, length);
        Reply reply = next();
        assertThat(reply.cookie).isEqualTo(cookie);
        return reply;
    }

    byte[] read(long offset, int length) throws IOException {
        Reply reply = call(Wire.CMD_READ, 0, offset, length);
        assertThat(reply.error).isZero();
        return reply.data;
    }

    DiskError write(long offset, byte[] data) throws IOException {
        requestWrite(0, offset, data);
        return error(next());
    }

    static DiskError error(Reply reply) {
        for (DiskError error : DiskError.values()) {
            if (error.number() == reply.error) {
                return error;
            }
        }
        throw new AssertionError("error " + reply.error + " is not one of NBD's");
    }

    void disconnect() throws IOException {
        send(Packet.request(Wire.CMD_DISC, 0, 0, 0, 0));
    }

    /** Whether the server closes without another byte. */
    boolean closedByServer() {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            return true; // Reset: it had not read all we sent.
        }
    }

    void send(Packet packet) throws IOException {
        ByteBuffer bytes = packet.toBuffer();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    ByteBuffer receive(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("closed after " + bytes.position() + " of " + length + " bytes");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private long note(int command, long length) {
        lastCookie++;
        if (command == Wire.CMD_READ) {
            readLengths.put(lastCookie, (int) length);
        }
        return lastCookie;
    }

    private @Nullable Reply message() throws IOException {
        int magic = receive(4).getInt();
        if (magic == Wire.SIMPLE_REPLY_MAGIC) {
            ByteBuffer head = receive(12);
            int error = head.getInt();
            Reply reply = new Reply(head.getLong());
            reply.error = error;
            Integer length = readLengths.remove(reply.cookie);
            if (length != null) {
                assertThat(structured)
                        .as("simple reply to READ after structured replies")
                        .isFalse();
                reply.data = error == 0 ? receive(length).array() : new byte[0];
            }
            return reply;
        }
        assertThat(magic).isEqualTo(Wire.STRUCTURED_REPLY_MAGIC);
        assertThat(structured).isTrue();
        ByteBuffer head = receive(16);
        int chunkFlags = head.getShort();
        int type = head.getShort() & 0xFFFF;
        Reply reply = partly.computeIfAbsent(head.getLong(), Reply::new);
        reply.structured = true;
        chunk(reply, type, receive(head.getInt()));
        return (chunkFlags & Wire.CHUNK_FLAG_DONE) == 0 ? null : partly.remove(reply.cookie);
    }

    private static void chunk(Reply reply, int type, ByteBuffer data) {
        switch (type) {
            case Wire.CHUNK_NONE -> assertThat(data.remaining()).isZero();
            case Wire.CHUNK_OFFSET_DATA -> {
                data.getLong();
                reply.data = new byte[data.remaining()];
                data.get(reply.data);
            }
            case Wire.CHUNK_BLOCK_STATUS -> {
                List<long[]> extents = new ArrayList<>();
                int id = data.getInt();
                while (data.hasRemaining()) {
                    extents.add(new long[] {data.getInt() & 0xFFFFFFFFL, data.getInt()});
                }
                assertThat(reply.extents.put(id, extents)).isNull();
            }
            case Wire.CHUNK_ERROR -> {
                reply.error = data.getInt();
                byte[] text = new byte[data.getShort()];
                data.get(text);
                reply.text = new String(text, StandardCharsets.UTF_8);
            }
            default -> throw new AssertionError("chunk of type " + type);
        }
    }
}
