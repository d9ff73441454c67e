package writeboost.engine.device;

import java.util.ArrayDeque;

/**
 * A modelled disk in motion: one command at a time over the cable, one head, a write cache that is put on the platter in
 * order of arrival whenever the head has nothing else to do. It answers when a command would end; it waits for nothing
 * and has no clock. What the head does between two commands is worked out when the second one comes. Which of those that
 * wait comes next is for the {@link Elevator} to say.
 *
 * <ol>
 *   <li>Commands begin in the order in which they are told, each after the end of the one before.
 *   <li>{@code cachedBytes} is the sum of {@code queue}; the write that the head is busy with until {@code headFreeNs} is
 *       no longer in it, but its room ({@code leavingBytes}) is free only then.
 *   <li>Both together are never more than the write cache, but for a single piece that is larger than all of it.
 * </ol>
 *
 * <p>Not thread-safe.
 */
final class Spindle {
    /** Larger writes enter the cache piece by piece. */
    private static final int PIECE_BYTES = 256 << 10;

    private static final long NONE = -1;

    private record Write(long offsetBytes, long lengthBytes, long arrivedNs) {
        long endBytes() {
            return offsetBytes + lengthBytes;
        }

        boolean contains(long offset, long length) {
            return offset >= offsetBytes && offset + length <= endBytes();
        }
    }

    private final DiskModel model;
    private final Platter platter;
    private final ArrayDeque<Write> queue = new ArrayDeque<>();

    private long cachedBytes;
    private long leavingBytes;
    private long commandEndNs = Long.MIN_VALUE;
    private long headFreeNs = Long.MIN_VALUE;
    private long headByte;
    /** Where a read that goes on would begin; NONE if the head has done something else since. */
    private long readNextByte = NONE;

    Spindle(DiskModel model, long sizeBytes) {
        this.model = model;
        this.platter = new Platter(model, sizeBytes);
    }

    /** When a write that arrives now is acknowledged. */
    long write(long nowNs, long offsetBytes, long lengthBytes) {
        long atNs = begin(nowNs);
        long done = 0;
        while (done < lengthBytes) {
            long piece = Math.min(PIECE_BYTES, lengthBytes - done);
            atNs = waitForRoom(atNs, piece) + cableNs(piece);
            queue.add(new Write(offsetBytes + done, piece, atNs));
            cachedBytes += piece;
            done += piece;
        }
        if (model.writeCacheBytes() == 0) {
            atNs = destageAll(atNs);
        }
        return end(atNs);
    }

    /** When a read that arrives now ends. */
    long read(long nowNs, long offsetBytes, long lengthBytes) {
        long atNs = begin(nowNs);
        for (Write write : queue) {
            if (write.contains(offsetBytes, lengthBytes)) {
                return end(atNs + cableNs(lengthBytes));
            }
        }
        destageUntil(atNs);
        long mediaNs = readMedia(atNs, offsetBytes, offsetBytes + lengthBytes);
        return end(Math.max(mediaNs, atNs + cableNs(lengthBytes)));
    }

    /** When a flush that arrives now ends: all that was written before is on the platter. */
    long flush(long nowNs) {
        return end(destageAll(begin(nowNs)));
    }

    /** When the last command ends: the next one begins then, if it has arrived. */
    long freeNs() {
        return commandEndNs;
    }

    /** Bytes that were acknowledged and that the head has not begun to put on the platter. */
    long cachedBytes() {
        return cachedBytes;
    }

    private long begin(long nowNs) {
        return Math.max(nowNs, commandEndNs) + model.commandNs();
    }

    private long end(long atNs) {
        commandEndNs = atNs;
        return atNs;
    }

    private long cableNs(long lengthBytes) {
        return Math.round(lengthBytes * 1e9 / model.cableBytesPerSecond());
    }

    /** When there is room for so much; at once if the cache has none at all: then the caller waits for the platter. */
    private long waitForRoom(long nowNs, long lengthBytes) {
        long atNs = nowNs;
        destageUntil(atNs);
        while (cachedBytes + leavingBytes + lengthBytes > model.writeCacheBytes()) {
            if (leavingBytes == 0 && queue.isEmpty()) {
                break;
            }
            if (leavingBytes == 0) {
                destageOne();
            }
            atNs = Math.max(atNs, headFreeNs);
            leavingBytes = 0;
        }
        return atNs;
    }

    private long destageAll(long nowNs) {
        while (!queue.isEmpty()) {
            destageOne();
        }
        leavingBytes = 0;
        return Math.max(nowNs, headFreeNs);
    }

    /** Does what the head has begun before that time. */
    private void destageUntil(long nowNs) {
        while (!queue.isEmpty() && Math.max(headFreeNs, queue.element().arrivedNs) < nowNs) {
            destageOne();
        }
        if (headFreeNs <= nowNs) {
            leavingBytes = 0;
        }
    }

    private void destageOne() {
        Write write = queue.remove();
        long beginNs = platter.reachNs(Math.max(headFreeNs, write.arrivedNs), headByte, write.offsetBytes);
        headFreeNs = beginNs + platter.transferNs(write.offsetBytes, write.endBytes());
        headByte = write.endBytes();
        readNextByte = NONE;
        cachedBytes -= write.lengthBytes;
        leavingBytes = write.lengthBytes;
    }

    private long readMedia(long nowNs, long fromByte, long toByte) {
        long readFromByte = fromByte;
        long beginNs;
        long aheadByte = readAheadTo(nowNs);
        if (readNextByte != NONE && fromByte >= readNextByte && fromByte <= aheadByte) {
            readFromByte = Math.max(fromByte, aheadByte);
            beginNs = Math.max(nowNs, headFreeNs);
        } else {
            beginNs = platter.reachNs(Math.max(nowNs, headFreeNs), headByte, fromByte);
        }
        readNextByte = toByte;
        headByte = Math.max(toByte, readFromByte);
        headFreeNs = beginNs + (toByte > readFromByte ? platter.transferNs(readFromByte, toByte) : 0);
        return headFreeNs;
    }

    /** How far the head has read on by now, of its own accord. */
    private long readAheadTo(long nowNs) {
        if (readNextByte == NONE) {
            return NONE;
        }
        long passedNs = Math.max(0, nowNs - headFreeNs);
        double reached = headByte + platter.rate(headByte) * passedNs / 1e9;
        long limit = Math.max(headByte, readNextByte + model.readAheadBytes());
        return Math.min(limit, (long) reached);
    }
}
