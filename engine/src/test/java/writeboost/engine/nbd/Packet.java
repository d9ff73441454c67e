package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Builds messages byte by byte, the wrong ones too. */
final class Packet {
    private ByteBuffer bytes = ByteBuffer.allocate(1024);

    static Packet of() {
        return new Packet();
    }

    /** An option with its true length. */
    static Packet option(int option, Packet data) {
        byte[] body = data.toBytes();
        return of().u64(Wire.OPTION_MAGIC).u32(option).u32(body.length).raw(body);
    }

    static Packet option(int option) {
        return option(option, of());
    }

    /** The data of INFO and GO. */
    static Packet export(String name, int... infos) {
        Packet data = of().text(name).u16(infos.length);
        for (int info : infos) {
            data.u16(info);
        }
        return data;
    }

    /** The data of LIST_META_CONTEXT and SET_META_CONTEXT. */
    static Packet queries(String name, String... queries) {
        Packet data = of().text(name).u32(queries.length);
        for (String query : queries) {
            data.text(query);
        }
        return data;
    }

    static Packet request(int command, int flags, long cookie, long offset, long length) {
        return of().u32(Wire.REQUEST_MAGIC)
                .u16(flags)
                .u16(command)
                .u64(cookie)
                .u64(offset)
                .u32(length);
    }

    Packet u16(int value) {
        return room(2, () -> bytes.putShort((short) value));
    }

    Packet u32(long value) {
        return room(4, () -> bytes.putInt((int) value));
    }

    Packet u64(long value) {
        return room(8, () -> bytes.putLong(value));
    }

    Packet raw(byte... value) {
        return room(value.length, () -> bytes.put(value));
    }

    Packet raw(Packet other) {
        return raw(other.toBytes());
    }

    /** A length and so many bytes. */
    Packet text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return u32(utf8.length).raw(utf8);
    }

    byte[] toBytes() {
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(toBytes());
    }

    private Packet room(int length, Runnable put) {
        if (bytes.remaining() < length) {
            ByteBuffer larger = ByteBuffer.allocate((bytes.capacity() + length) * 2);
            larger.put(bytes.flip());
            bytes = larger;
        }
        put.run();
        return this;
    }
}
