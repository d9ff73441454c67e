package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.EntryKind;

/**
 * Requests that change the disk: WRITE, ZERO, TRIM. A request is taken in pieces, and may stop between two blocks: {@link
 * DiskRequest#stamp} counts the bytes done, so that it goes on from there when it is handed in again.
 */
final class WritePath {
    /** How far a request came. */
    enum Outcome {
        DONE,
        /** There is no room: it was parked. */
        PARKED,
        /** It must be handed in again with the block that it stands at read. */
        NEEDS_BASE,
        /** It ends with an error. */
        FAILED
    }

    /** Keeps requests that wait for room. */
    interface Parking {
        /** Parks a request. With the lock. */
        void park(DiskRequest request);

        /** Whether others wait already. With the lock. */
        boolean mustQueue(DiskRequest request);
    }

    private final CacheState state;
    private final BlockWriter writer;
    private final Parking parking;

    WritePath(CacheState state, Parking parking) {
        this.state = state;
        this.parking = parking;
        writer = new BlockWriter(state);
    }

    /** The block that a request stands at. */
    static long blockAt(DiskRequest r) {
        return (r.offsetBytes + r.stamp) / BLOCK_BYTES;
    }

    /** The sectors of that block of which the request covers only a part. */
    static int edgesAt(DiskRequest r) {
        long at = r.offsetBytes + r.stamp;
        long start = at % BLOCK_BYTES;
        long end = Math.min(BLOCK_BYTES, start + r.lengthBytes - r.stamp);
        int edges = 0;
        if (start % 512 != 0) {
            edges |= 1 << (int) (start / 512);
        }
        if (end % 512 != 0) {
            edges |= 1 << (int) (end / 512);
        }
        return edges;
    }

    /** Goes on with a request, as far as possible without a device. Without the lock. */
    Outcome advance(DiskRequest r, Scratch scratch, Scratch.@Nullable Base base) {
        while (r.stamp < r.lengthBytes) {
            long at = r.offsetBytes + r.stamp;
            long left = r.lengthBytes - r.stamp;
            boolean wholeBlocks = at % BLOCK_BYTES == 0 && left >= BLOCK_BYTES;
            Outcome outcome;
            if (r.op != DiskRequest.Op.WRITE && wholeBlocks) {
                outcome = range(r, at, left, scratch);
            } else if (wholeBlocks) {
                outcome = blocks(r, at, left, scratch);
            } else if (r.op == DiskRequest.Op.TRIM) {
                r.stamp += Math.min(left, BLOCK_BYTES - at % BLOCK_BYTES); // a hint that is too small
                continue;
            } else {
                outcome = part(r, at, left, scratch, base);
            }
            if (outcome != Outcome.DONE) {
                return outcome;
            }
        }
        return Outcome.DONE;
    }

    /** A piece of whole blocks; their checksums are computed before the lock is taken. */
    private Outcome blocks(DiskRequest r, long at, long left, Scratch scratch) {
        int count = (int) Math.min(Scratch.PIECE_BLOCKS, left / BLOCK_BYTES);
        ByteBuffer data = r.op == DiskRequest.Op.WRITE ? r.data : null;
        int dataAt = data == null ? 0 : data.position() + (int) r.stamp;
        for (int i = 0; i < count && data != null; i++) {
            scratch.crcs[i] = scratch.crc.of(data, dataAt + i * BLOCK_BYTES, BLOCK_BYTES);
        }
        state.lock.lock();
        try {
            if (state.refusesWrites() != null) {
                return Outcome.FAILED;
            }
            if (parking.mustQueue(r)) {
                parking.park(r);
                return Outcome.PARKED;
            }
            for (int i = 0; i < count; i++) {
                long block = at / BLOCK_BYTES + i;
                BlockWriter.Result result = data == null
                        ? writer.writeBlock(block, Scratch.ZEROS, 0, Scratch.ZERO_CRC)
                        : writer.writeBlock(block, data, dataAt + i * BLOCK_BYTES, scratch.crcs[i]);
                if (result == BlockWriter.Result.NO_ROOM) {
                    parking.park(r);
                    return Outcome.PARKED;
                }
                r.stamp += BLOCK_BYTES;
            }
            return Outcome.DONE;
        } finally {
            state.lock.unlock();
        }
    }

    private Outcome part(DiskRequest r, long at, long left, Scratch scratch, Scratch.@Nullable Base base) {
        int start = (int) (at % BLOCK_BYTES);
        int length = (int) Math.min(left, BLOCK_BYTES - start);
        ByteBuffer data = r.op == DiskRequest.Op.WRITE ? r.data : null;
        ByteBuffer from = data == null ? Scratch.ZEROS : data;
        int fromAt = data == null ? 0 : data.position() + (int) r.stamp;
        state.lock.lock();
        try {
            if (state.refusesWrites() != null) {
                return Outcome.FAILED;
            }
            // Whose old content was read has waited its turn: sent back, two such requests would take turns for ever.
            if (base == null && parking.mustQueue(r)) {
                parking.park(r);
                return Outcome.PARKED;
            }
            switch (writer.writePart(at / BLOCK_BYTES, start, start + length, from, fromAt, scratch, base)) {
                case DONE -> {
                    r.stamp += length;
                    return Outcome.DONE;
                }
                case NO_ROOM -> {
                    parking.park(r);
                    return Outcome.PARKED;
                }
                case NEEDS_BASE -> {
                    return Outcome.NEEDS_BASE;
                }
                default -> {
                    return Outcome.FAILED;
                }
            }
        } finally {
            state.lock.unlock();
        }
    }

    /** Whole blocks of a TRIM or ZERO: one entry, however many. */
    private Outcome range(DiskRequest r, long at, long left, Scratch scratch) {
        long count = left / BLOCK_BYTES;
        state.lock.lock();
        try {
            if (state.refusesWrites() != null) {
                return Outcome.FAILED;
            }
            if (parking.mustQueue(r)) {
                parking.park(r);
                return Outcome.PARKED;
            }
            if (state.ranges.hasRoom()) {
                ChunkBuffer c = state.log.openForClient();
                if (c == null) {
                    parking.park(r);
                    return Outcome.PARKED;
                }
                state.appendRange(c, at / BLOCK_BYTES, count, kind(r));
                r.stamp += count * BLOCK_BYTES;
                return Outcome.DONE;
            }
        } finally {
            state.lock.unlock();
        }
        if (r.op == DiskRequest.Op.TRIM) {
            r.stamp += count * BLOCK_BYTES; // refused politely: it is only a hint
            return Outcome.DONE;
        }
        return blocks(r, at, left, scratch);
    }

    private static int kind(DiskRequest r) {
        if (r.op == DiskRequest.Op.TRIM) {
            return EntryKind.TRIM;
        }
        return r.noHole ? EntryKind.ZERO_NO_HOLE : EntryKind.ZERO;
    }
}
