package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ReadList;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Geometry;

/**
 * Reads that need a device. A request is taken in pieces. Of each piece neighbours on one device become one read, and the reads of
 * the cache device are handed to it together: after random writes a mebibyte lies in 256 places, and an SSD is fast only with many
 * reads at hand. What does not fit its checksum, or is known only in parts, is read again block by block with all care. Belongs to
 * one task.
 */
final class ReadPath {
    /** Blocks that are looked up under one lock and read together: 1 MiB. */
    private static final int PIECE_BLOCKS = ReadList.MAX_PLACES;

    /** Marks in {@link #ids} for blocks that need no more work. */
    private static final int DONE = Integer.MIN_VALUE + 1;
    /** Marks for blocks that are read alone. */
    private static final int ALONE = Integer.MIN_VALUE + 2;

    private final CacheState state;
    private final BlockDevice cache;
    private final BackingReads backing;
    private final Geometry geometry;
    private final BlockReader single;
    private final Stager stager;
    private final Crc crc = new Crc();
    private final ByteBuffer oneBlock = Blocks.allocate(1);
    private final int[] ids = new int[PIECE_BLOCKS];
    private final int[] crcs = new int[PIECE_BLOCKS];
    private final long[] stamps = new long[PIECE_BLOCKS];
    private final boolean[] missed = new boolean[PIECE_BLOCKS];
    private final ReadList list = new ReadList();
    private final int[] runStarts = new int[PIECE_BLOCKS];
    /** For requests that are not aligned; as long as the longest piece of one so far. */
    private @Nullable ByteBuffer scratch;

    ReadPath(
            CacheState state,
            BlockDevice cache,
            BackingReads backing,
            Geometry geometry,
            BlockReader single,
            Stager stager) {
        this.state = state;
        this.cache = cache;
        this.backing = backing;
        this.geometry = geometry;
        this.stager = stager;
        this.single = single;
    }

    /** Reads. Returns how the request ends. */
    DiskError read(DiskRequest request) {
        DiskError result = DiskError.OK;
        try {
            long end = request.offsetBytes + request.lengthBytes;
            for (long at = request.offsetBytes; at < end && result == DiskError.OK; ) {
                long firstBlock = at / BLOCK_BYTES;
                long pieceEnd = Math.min(end, (firstBlock + PIECE_BLOCKS) * BLOCK_BYTES);
                if (!piece(request, at, pieceEnd)) {
                    result = DiskError.EIO;
                }
                at = pieceEnd;
            }
        } catch (IOException e) {
            result = DiskError.EIO;
        }
        return result;
    }

    private boolean piece(DiskRequest request, long at, long end) throws IOException {
        ByteBuffer data = Objects.requireNonNull(request.data);
        int dataAt = data.position() + (int) (at - request.offsetBytes);
        long first = at / BLOCK_BYTES;
        int count = (int) ((end + BLOCK_BYTES - 1) / BLOCK_BYTES - first);
        boolean whole = at % BLOCK_BYTES == 0 && (end % BLOCK_BYTES == 0 || end == state.sizeBytes);
        boolean direct = whole && data.isDirect();
        ByteBuffer to = direct ? data : scratch(count);
        int toAt = direct ? dataAt : 0;
        boolean stage = look(first, count, to, toAt);
        readRuns(first, count, to, toAt);
        boolean good = readAlone(first, count, at, end, to, toAt);
        if (good && stage) {
            stager.stage(first, count, missed, stamps, to, toAt);
        }
        if (!direct) {
            data.put(dataAt, to, (int) (at - first * BLOCK_BYTES), (int) (end - at));
        }
        return good;
    }

    private ByteBuffer scratch(int blocks) {
        if (scratch == null || scratch.capacity() < blocks * BLOCK_BYTES) {
            scratch = Blocks.allocate(blocks);
        }
        return scratch;
    }

    /** Finds out where each block is, and copies what is in RAM. Returns whether misses are worth caching. */
    private boolean look(long first, int count, ByteBuffer to, int toAt) {
        state.lock.lock();
        try {
            boolean anyMissed = false;
            for (int i = 0; i < count; i++) {
                long block = first + i;
                int id = state.lookup(block);
                int blockAt = toAt + i * BLOCK_BYTES;
                missed[i] = id == BlockIndex.NONE;
                stamps[i] = state.stamp(block);
                ids[i] = id;
                if (id == CacheState.ZERO) {
                    Blocks.zero(to, blockAt, state.blockBytes(block));
                    ids[i] = DONE;
                } else if (id != BlockIndex.NONE) {
                    place(i, block, id, to, blockAt);
                }
                anyMissed |= missed[i];
                state.counters.readMisses += missed[i] ? 1 : 0;
                state.counters.readHits += missed[i] ? 0 : 1;
            }
            return stager.worthwhile(first, count) && anyMissed;
        } finally {
            state.lock.unlock();
        }
    }

    private void place(int i, long block, int id, ByteBuffer to, int blockAt) {
        int full = state.fullMask(block);
        boolean simple = (state.index.validOf(id) & full) == full
                && state.index.kindOf(id) != EntryKind.LOST
                && !state.index.isBad(id)
                && full == 0xFF;
        if (!simple) {
            ids[i] = ALONE;
        } else if (id < 0) {
            state.copyFromRam(id, 0, BLOCK_BYTES, to, blockAt);
            ids[i] = DONE;
        } else {
            crcs[i] = state.log.entries().crc(BlockIndex.positionOf(id));
        }
    }

    private void readRuns(long first, int count, ByteBuffer to, int toAt) throws IOException {
        list.start(to);
        for (int i = 0, end; i < count; i = end) {
            end = runEnd(i, count);
            if (ids[i] > 0) {
                runStarts[list.size()] = i;
                list.add(
                        geometry.byteOffset(BlockIndex.positionOf(ids[i])),
                        toAt + i * BLOCK_BYTES,
                        (end - i) * BLOCK_BYTES);
            }
        }
        boolean tried = readList();
        list.end();
        for (int k = 0; k < list.size(); k++) {
            check(k, tried && list.isRead(k), to, toAt);
        }
        for (int i = 0, end; i < count; i = end) {
            end = runEnd(i, count);
            if (ids[i] == BlockIndex.NONE) {
                long offset = (first + i) * BLOCK_BYTES;
                int length = (int) Math.min((long) (end - i) * BLOCK_BYTES, state.sizeBytes - offset);
                readBacking(offset, to, toAt + i * BLOCK_BYTES, length);
            }
        }
    }

    /** Where the neighbours of a block end that lie beside it on the same device, too. */
    private int runEnd(int from, int count) {
        int end = from + 1;
        if (ids[from] == BlockIndex.NONE) {
            while (end < count && ids[end] == BlockIndex.NONE) {
                end++;
            }
        } else if (ids[from] > 0) {
            while (end < count && ids[end] == ids[from] + (end - from)) {
                end++;
            }
        }
        return end;
    }

    private boolean readList() {
        try {
            if (list.size() > 0) {
                cache.readAll(list);
            }
            return true;
        } catch (IOException e) {
            return false; // each block is tried alone
        }
    }

    private void check(int k, boolean read, ByteBuffer to, int toAt) {
        int end = runStarts[k] + list.lengthBytes(k) / BLOCK_BYTES;
        for (int i = runStarts[k]; i < end; i++) {
            boolean fits = read && crc.of(to, toAt + i * BLOCK_BYTES, BLOCK_BYTES) == crcs[i];
            ids[i] = fits ? DONE : ALONE;
        }
        state.counters.cacheBytesRead.add(read ? list.lengthBytes(k) : 0);
    }

    private void readBacking(long offset, ByteBuffer to, int at, int length) throws IOException {
        int position = to.position();
        int limit = to.limit();
        try {
            backing.read(offset, Blocks.part(to, at, length));
        } finally {
            to.limit(limit).position(position);
        }
    }

    private boolean readAlone(long first, int count, long at, long end, ByteBuffer to, int toAt) throws IOException {
        for (int i = 0; i < count; i++) {
            if (ids[i] == ALONE) {
                long start = (first + i) * BLOCK_BYTES;
                int from = (int) Math.max(0, at - start) / 512;
                int until = (int) (Math.min(BLOCK_BYTES, end - start) + 511) / 512;
                int wanted = (1 << until) - (1 << from);
                if (!single.read(first + i, wanted, oneBlock, 0)) {
                    return false;
                }
                to.put(toAt + i * BLOCK_BYTES, oneBlock, 0, state.blockBytes(first + i));
            }
        }
        return true;
    }

    /** Answers a read from memory alone, if that is possible. With the lock. */
    static boolean fromMemory(CacheState state, DiskRequest request) {
        long end = request.offsetBytes + request.lengthBytes;
        long first = request.offsetBytes / BLOCK_BYTES;
        long last = (end - 1) / BLOCK_BYTES;
        for (long block = first; block <= last; block++) {
            int id = state.lookup(block);
            if (id >= 0 && id != CacheState.ZERO) {
                return false;
            }
            int full = state.fullMask(block);
            if (id != CacheState.ZERO
                    && ((state.index.validOf(id) & full) != full || state.index.kindOf(id) == EntryKind.LOST)) {
                return false;
            }
        }
        ByteBuffer data = Objects.requireNonNull(request.data);
        for (long block = first; block <= last; block++) {
            int from = (int) Math.max(0, request.offsetBytes - block * BLOCK_BYTES);
            int until = (int) Math.min(BLOCK_BYTES, end - block * BLOCK_BYTES);
            int to = data.position() + (int) (block * BLOCK_BYTES + from - request.offsetBytes);
            int id = state.lookup(block);
            if (id == CacheState.ZERO) {
                Blocks.zero(data, to, until - from);
            } else {
                ByteBuffer memory = state.index.bufferOf(id).memory();
                data.put(to, memory, ChunkBuffer.dataAt(state.index.dataOf(id)) + from, until - from);
            }
        }
        state.counters.readHits += last - first + 1;
        return true;
    }
}
