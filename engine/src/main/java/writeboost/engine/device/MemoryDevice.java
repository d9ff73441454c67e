package writeboost.engine.device;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A device in memory. Only what was written takes room: 64 KiB pieces, made when first written and given up when zeroed
 * or discarded whole, and 4 bytes for each piece of the size. A sector is never seen half written. Nothing survives
 * {@link #close}; {@link #sync} does nothing.
 */
public final class MemoryDevice implements BlockDevice {
    private static final int PIECE_SHIFT = 16;
    private static final int PIECE_BYTES = 1 << PIECE_SHIFT;

    /** Limit of the size: the table of pieces is one array. */
    public static final long MAX_BYTES = (Integer.MAX_VALUE - 8L) << PIECE_SHIFT;

    private final String name;
    private final long sizeBytes;
    private final int sectorBytes;
    /** A piece that was never written is null and reads as zeros. A piece's content is guarded by its monitor. */
    private final AtomicReferenceArray<@Nullable Piece> pieces;

    private volatile boolean closed;

    private static final class Piece {
        final byte[] bytes = new byte[PIECE_BYTES];
    }

    /**
     * Makes a device full of zeros.
     *
     * @param sizeBytes a multiple of {@code sectorBytes}, at most {@link #MAX_BYTES}
     * @param sectorBytes 512 or 4096
     */
    public MemoryDevice(String name, long sizeBytes, int sectorBytes) {
        Ranges.checkGeometry(sizeBytes, sectorBytes);
        if (sizeBytes > MAX_BYTES) {
            throw new IllegalArgumentException("a device in memory has at most " + Sizes.format(MAX_BYTES));
        }
        this.name = name;
        this.sizeBytes = sizeBytes;
        this.sectorBytes = sectorBytes;
        this.pieces = new AtomicReferenceArray<>((int) ((sizeBytes + PIECE_BYTES - 1) >> PIECE_SHIFT));
    }

    /** Makes a device of 512-byte sectors, full of zeros. */
    public MemoryDevice(String name, long sizeBytes) {
        this(name, sizeBytes, 512);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return sectorBytes;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws DeviceException {
        Ranges.check(this, offsetBytes, into.remaining());
        checkOpen();
        long at = offsetBytes;
        while (into.hasRemaining()) {
            int start = (int) (at & (PIECE_BYTES - 1));
            int length = Math.min(into.remaining(), PIECE_BYTES - start);
            Piece piece = pieces.get((int) (at >> PIECE_SHIFT));
            if (piece == null) {
                putZeros(into, length);
            } else {
                synchronized (piece) {
                    into.put(piece.bytes, start, length);
                }
            }
            at += length;
        }
    }

    private static void putZeros(ByteBuffer into, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            into.putLong(0);
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws DeviceException {
        Ranges.check(this, offsetBytes, from.remaining());
        checkOpen();
        long at = offsetBytes;
        while (from.hasRemaining()) {
            int start = (int) (at & (PIECE_BYTES - 1));
            int length = Math.min(from.remaining(), PIECE_BYTES - start);
            Piece piece = pieceToWrite((int) (at >> PIECE_SHIFT));
            synchronized (piece) {
                from.get(piece.bytes, start, length);
            }
            at += length;
        }
    }

    private Piece pieceToWrite(int index) {
        Piece piece = pieces.get(index);
        while (piece == null) {
            Piece fresh = new Piece();
            piece = pieces.compareAndSet(index, null, fresh) ? fresh : pieces.get(index);
        }
        return piece;
    }

    @Override
    public void sync() throws DeviceException {
        checkOpen();
    }

    @Override
    public boolean canDiscard() {
        return true;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws DeviceException {
        zero(offsetBytes, lengthBytes, true);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws DeviceException {
        Ranges.check(this, offsetBytes, lengthBytes);
        checkOpen();
        long at = offsetBytes;
        long end = offsetBytes + lengthBytes;
        while (at < end) {
            int index = (int) (at >> PIECE_SHIFT);
            int start = (int) (at & (PIECE_BYTES - 1));
            int length = (int) Math.min(end - at, PIECE_BYTES - start);
            if (length == PIECE_BYTES) {
                pieces.set(index, null);
            } else {
                zeroPart(pieces.get(index), start, length);
            }
            at += length;
        }
    }

    private static void zeroPart(@Nullable Piece piece, int start, int length) {
        if (piece != null) {
            synchronized (piece) {
                Arrays.fill(piece.bytes, start, start + length, (byte) 0);
            }
        }
    }

    /** Bytes of memory that the content takes. */
    public long allocatedBytes() {
        long count = 0;
        for (int i = 0; i < pieces.length(); i++) {
            count += pieces.get(i) == null ? 0 : 1;
        }
        return count << PIECE_SHIFT;
    }

    @Override
    public DeviceIdentity identity() {
        return new DeviceIdentity(name, name, "", sizeBytes);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() throws DeviceException {
        if (closed) {
            throw DeviceErrors.closed(name);
        }
    }
}
