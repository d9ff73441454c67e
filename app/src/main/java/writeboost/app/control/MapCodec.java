package writeboost.app.control;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * How a {@link SegmentMap} travels over a control socket: whole, or as what has changed since one that the receiver has.
 * Maps are known by the CRC32 of their cells.
 *
 * <p>The changes: any number of (varint segments to pass over, varint count, count bytes), in base64.
 */
final class MapCodec {
    /** The client has no map. */
    static final long NOTHING = -1;

    /** Runs that are nearer to each other than this become one: a run costs two bytes. */
    private static final int NEAR = 3;

    private MapCodec() {}

    /**
     * A map on its way.
     *
     * @param base the checksum of the cells that the changes are relative to; {@link #NOTHING} if {@code data} is all cells
     * @param checksum of the cells that come out
     */
    record Wire(long snapshotId, long base, long checksum, int headSlot, int tailSlot, int oldestSlot, String data) {}

    /** The latest maps that a server has sent, of which a client may have one. Any thread may call. */
    static final class Memory {
        /** As many windows as may look at one pair at a time without being sent the whole map again and again. */
        private static final int REMEMBERED = 8;

        private final Map<Long, SegmentMap> sent = new LinkedHashMap<>(); // guarded by this; by checksum

        /** Encodes a map for a client that says it has the map of that checksum. */
        Wire encode(SegmentMap now, long known) {
            long checksum = checksum(now.cells());
            SegmentMap base;
            synchronized (this) {
                base = sent.get(known);
                sent.remove(checksum);
                sent.put(checksum, now);
                if (sent.size() > REMEMBERED) {
                    sent.remove(sent.keySet().iterator().next());
                }
            }
            boolean usable = base != null && base.cells().length == now.cells().length;
            byte[] data = base != null && usable ? changes(base.cells(), now.cells()) : now.cells();
            return new Wire(
                    now.snapshotId(),
                    usable ? known : NOTHING,
                    checksum,
                    now.headSlot(),
                    now.tailSlot(),
                    now.oldestSlot(),
                    Base64.getEncoder().encodeToString(data));
        }
    }

    /** The checksum that a map is known by. */
    static long checksum(byte[] cells) {
        CRC32 crc = new CRC32();
        crc.update(cells);
        return crc.getValue();
    }

    /**
     * The map that was sent.
     *
     * @param known what the sender was told that we have
     */
    static SegmentMap decode(Wire wire, @Nullable SegmentMap known) throws EngineException {
        try {
            byte[] data = Base64.getDecoder().decode(wire.data());
            byte[] cells = data;
            if (wire.base() != NOTHING) {
                cells = apply(known == null ? new byte[0] : known.cells().clone(), data);
            }
            if (checksum(cells) == wire.checksum()) {
                return new SegmentMap(wire.snapshotId(), cells, wire.headSlot(), wire.tailSlot(), wire.oldestSlot());
            }
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw nonsense(e);
        }
        throw nonsense(null);
    }

    private static EngineException nonsense(@Nullable Exception cause) {
        String what = "the other process sent a picture of the log that makes no sense";
        return cause == null ? new EngineException(ErrorCode.IO, what) : new EngineException(ErrorCode.IO, what, cause);
    }

    private static byte[] changes(byte[] before, byte[] now) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int written = 0;
        int at = 0;
        while (at < now.length) {
            if (before[at] == now[at]) {
                at++;
                continue;
            }
            int end = endOfRun(before, now, at);
            varint(out, at - written);
            varint(out, end - at);
            out.write(now, at, end - at);
            written = end;
            at = end;
        }
        return out.toByteArray();
    }

    private static int endOfRun(byte[] before, byte[] now, int start) {
        int end = start + 1;
        for (int next = end; next < now.length && next < end + NEAR; next++) {
            if (before[next] != now[next]) {
                end = next + 1;
            }
        }
        return end;
    }

    private static byte[] apply(byte[] cells, byte[] changes) {
        int at = 0;
        int from = 0;
        while (from < changes.length) {
            int[] skip = varint(changes, from);
            int[] count = varint(changes, skip[1]);
            at = Math.addExact(at, skip[0]);
            System.arraycopy(changes, count[1], cells, at, count[0]);
            at += count[0];
            from = count[1] + count[0];
        }
        return cells;
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left > 0x7f) {
            out.write((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    /** The value, and where the next one begins. */
    private static int[] varint(byte[] data, int from) {
        int value = 0;
        int at = from;
        for (int shift = 0; shift < 28; shift += 7) {
            byte next = data[at++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return new int[] {value, at};
            }
        }
        throw new IllegalArgumentException("a number that is too long");
    }
}
