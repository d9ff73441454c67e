package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;
import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import writeboost.engine.cache.BackingCheck;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.log.Sectors;
import writeboost.engine.log.Superblock;

/**
 * Hands over all intact data that waits on a cache, also on one that is too damaged to be opened. Writes nothing to the cache:
 * it can be interrupted and repeated.
 *
 * <p>Handed over are dirty sectors only, of the newest entry of each block that is known; a block whose newest entry is not
 * intact is left as it is on the disk, and told. One thread.
 */
public final class Rescue {
    /** The largest piece handed over: 1 MiB. */
    private static final int RUN_BLOCKS = 256;

    private final BlockDevice cache;
    private final Superblock superblock;
    private final LogPicture picture;
    private final long sizeBytes;
    private final Crc crc = new Crc();
    private final ByteBuffer run = Blocks.allocate(RUN_BLOCKS);
    private final ByteBuffer block = Blocks.allocate(1);
    private final LostRanges lost = new LostRanges();
    private final LostRanges refused = new LostRanges();
    private long runAddress;
    private int runBlocks;
    private long savedBytes;
    private long zeroedBytes;

    /**
     * Reads the headers of a cache that nobody uses.
     *
     * @throws EngineException NOT_A_CACHE, DAMAGED or SIZE if there is no usable superblock; CANCELLED
     * @throws IOException if the device can't be read
     */
    public Rescue(BlockDevice cache, Progress progress) throws IOException {
        this.cache = cache;
        superblock = Superblock.read(cache)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.NOT_A_CACHE,
                        cache.name() + " holds no Writeboost cache. Is it the right device or file?"));
        sizeBytes = superblock.backing().sizeBytes() / SECTOR_BYTES * SECTOR_BYTES;
        picture = LogPicture.take(cache, superblock, false, progress);
    }

    /** Size of the disk that the cache belongs to, in bytes. */
    public long diskBytes() {
        return sizeBytes;
    }

    /**
     * Whether a disk is the one that the cache belongs to.
     *
     * @throws EngineException FOREIGN if not
     */
    public void check(BlockDevice backing) throws EngineException {
        BackingCheck.check(cache, superblock, backing);
    }

    /**
     * Hands everything over, zeroed ranges first. Once.
     *
     * @param progress counts blocks
     * @throws EngineException CANCELLED
     */
    public RescueReport run(WaitingData to, Progress progress) throws IOException {
        for (RangeEntry range : picture.ranges.live()) {
            if (range.kind() != EntryKind.TRIM) {
                zero(range, to); // a trimmed range may hold anything, so also what the disk has there
            }
        }
        loseWhatIsBeyondTheDisk();
        long[] addresses = waiting();
        for (int i = 0; i < addresses.length; i++) {
            take(addresses[i], to);
            if (i % RUN_BLOCKS == 0 && !progress.update(i, addresses.length)) {
                throw new EngineException(
                        ErrorCode.CANCELLED, "the rescue was cancelled; the cache is unchanged, it can be repeated");
            }
        }
        handOver(to);
        progress.update(addresses.length, addresses.length);
        List<Long> gone = new ArrayList<>();
        for (int i = 0; i < picture.chunks.size(); i++) {
            if (picture.chunks.source(i) == ChunkList.Source.NONE && picture.chunks.seq(i) > picture.marks.tail()) {
                gone.add(picture.chunks.seq(i));
            }
        }
        return new RescueReport(savedBytes, zeroedBytes, lost.list(), List.copyOf(gone), refused.list());
    }

    private void loseWhatIsBeyondTheDisk() {
        String why = "beyond the end of the disk: there is no such place";
        for (int i = 0; i < picture.chunks.size(); i++) {
            int place = picture.chunks.place(i);
            if (place < 0 || picture.chunks.seq(i) <= picture.marks.tail()) {
                continue;
            }
            for (int p = place + 1; p <= place + picture.chunks.dataBlocks(i); p++) {
                if (picture.stateOf(i, p) == EntryState.BEYOND) {
                    lose(picture.entries.address(p), picture.entries.dirty(p), why);
                }
            }
            for (RangeEntry range : picture.content.rangesAt(place)) {
                if (range.endAddress() > picture.diskBlocks && range.kind() != EntryKind.TRIM) {
                    lost.add(range.address() * BLOCK_BYTES, range.lengthBlocks() * BLOCK_BYTES, why);
                }
            }
        }
    }

    /** The blocks that wait, lost ones included, in the order of the disk. */
    private long[] waiting() {
        long[] addresses = new long[(int) picture.dirtyBlocks()];
        int n = 0;
        for (int i = 0; i < picture.chunks.size(); i++) {
            int first = picture.chunks.place(i) + 1;
            for (int p = first; p < first + picture.chunks.dataBlocks(i); p++) {
                EntryState state = picture.stateOf(i, p);
                if (state == EntryState.DIRTY || state == EntryState.LOST) {
                    addresses[n++] = picture.entries.address(p);
                }
            }
        }
        Arrays.sort(addresses, 0, n);
        return Arrays.copyOf(addresses, n);
    }

    private void take(long address, WaitingData to) throws IOException {
        int position = picture.newest.find(address);
        if (picture.stateOf(position) == EntryState.LOST) {
            lose(address, picture.entries.valid(position), "lost before: it was damaged when it was to be moved");
            return;
        }
        int dirty = picture.entries.dirty(position);
        if (!read(position)) {
            lose(address, dirty, "it can't be read from the cache device");
        } else if (crc.of(block, 0, BLOCK_BYTES) != picture.entries.crc(position)) {
            lose(address, dirty, "damaged on the cache device");
        } else if (dirty == 0xFF) {
            if (runBlocks > 0 && (address != runAddress + runBlocks || runBlocks == RUN_BLOCKS)) {
                handOver(to);
            }
            runAddress = runBlocks == 0 ? address : runAddress;
            run.put(runBlocks++ * BLOCK_BYTES, block, 0, BLOCK_BYTES);
        } else {
            handOver(to);
            for (Sectors s : Sectors.of(dirty)) {
                data(to, address * BLOCK_BYTES + s.offsetBytes(), part(block, s.offsetBytes(), s.lengthBytes()));
            }
        }
    }

    private boolean read(int position) {
        try {
            cache.read(picture.geometry.byteOffset(position), block.clear());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void lose(long address, int sectors, String why) {
        for (Sectors s : Sectors.of(sectors)) {
            lost.add(address * BLOCK_BYTES + s.offsetBytes(), s.lengthBytes(), why);
        }
    }

    private void handOver(WaitingData to) throws IOException {
        int blocks = runBlocks;
        runBlocks = 0;
        if (blocks > 0 && !tryData(to, runAddress * BLOCK_BYTES, part(run, 0, blocks * BLOCK_BYTES))) {
            for (int i = 0; i < blocks; i++) {
                data(to, (runAddress + i) * BLOCK_BYTES, part(run, i * BLOCK_BYTES, BLOCK_BYTES));
            }
        }
    }

    private void data(WaitingData to, long offset, ByteBuffer data) {
        long length = data.remaining();
        if (!tryData(to, offset, data)) {
            refused.add(offset, length, "the disk refuses it");
        }
    }

    /** One bad sector of the disk must not keep the rest from it. */
    private boolean tryData(WaitingData to, long offset, ByteBuffer data) {
        int length = (int) Math.min(data.remaining(), sizeBytes - offset);
        try {
            to.data(offset, data.limit(data.position() + length));
        } catch (IOException e) {
            return false;
        }
        savedBytes += length;
        return true;
    }

    private static ByteBuffer part(ByteBuffer of, int at, int length) {
        return of.duplicate().clear().position(at).limit(at + length);
    }

    /** Zeroes a range but for the blocks of which something newer is known. */
    private void zero(RangeEntry range, WaitingData to) {
        long start = range.address();
        for (long at = range.address(); at <= range.endAddress(); at++) {
            boolean counts = at < range.endAddress() && range.equals(picture.rangeThatCounts(at));
            if (!counts) {
                zero(start, at, to);
                start = at + 1;
            }
        }
    }

    private void zero(long from, long end, WaitingData to) {
        long length = Math.min(end * BLOCK_BYTES, sizeBytes) - from * BLOCK_BYTES;
        if (length <= 0) {
            return;
        }
        try {
            to.zeros(from * BLOCK_BYTES, length);
            zeroedBytes += length;
        } catch (IOException e) {
            refused.add(from * BLOCK_BYTES, length, "the disk refuses to zero it");
        }
    }
}
