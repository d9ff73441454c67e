package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.cache.Progress;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Geometry;

/** Reads all chunks from the oldest on, neighbours in one read, and compares their data with their checksums. */
final class DataCheck {
    private final LogPicture picture;
    private final Geometry geometry;
    private final Oldest oldest;
    private final Findings findings;
    private final ByteBuffer run;
    private final Crc crc = new Crc();
    private long dataBlocks;

    /** Tells where the log begins now. */
    @FunctionalInterface
    interface Oldest {
        long now() throws IOException;
    }

    DataCheck(LogPicture picture, Oldest oldest, Findings findings) {
        this.picture = picture;
        this.oldest = oldest;
        this.findings = findings;
        geometry = picture.geometry;
        run = Blocks.allocate(geometry.segmentBlocks());
    }

    /** Blocks whose checksums were compared. */
    long dataBlocks() {
        return dataBlocks;
    }

    /** Checks all chunks; progress counts chunks. */
    void check(Progress progress) throws IOException {
        int size = picture.chunks.size();
        for (int i = 0; i < size; ) {
            int end = endOfRun(i);
            if (picture.chunks.place(i) >= 0) {
                checkRun(i, end);
            }
            i = end;
            if (!progress.update(i, size)) {
                throw new EngineException(ErrorCode.CANCELLED, "verifying was cancelled; nothing was changed");
            }
        }
    }

    /** The chunks from i that lie in one segment, one behind the other. */
    private int endOfRun(int i) {
        int end = i + 1;
        while (end < picture.chunks.size()
                && picture.chunks.place(end) >= 0
                && picture.chunks.place(end) == behind(end - 1)
                && picture.chunks.segmentId(end) == picture.chunks.segmentId(i)) {
            end++;
        }
        return end;
    }

    private int behind(int i) {
        return picture.chunks.place(i) + 1 + picture.chunks.dataBlocks(i);
    }

    private void checkRun(int from, int end) throws IOException {
        int start = picture.chunks.place(from);
        boolean read = read(start, behind(end - 1) - start);
        for (int i = from; i < end; i++) {
            int place = picture.chunks.place(i);
            for (int p = place + 1; p < behind(i); p++) {
                dataBlocks++;
                boolean lost = picture.entries.kind(p) == EntryKind.LOST;
                if (lost) {
                    reportLost(i, p);
                } else if (!read || crc.of(run, (p - start) * BLOCK_BYTES, BLOCK_BYTES) != picture.entries.crc(p)) {
                    lookAgain(i, p);
                }
            }
        }
    }

    private boolean read(int position, int blocks) {
        try {
            picture.device.read(geometry.byteOffset(position), run.clear().limit(blocks * BLOCK_BYTES));
            return true;
        } catch (IOException e) {
            return false; // each block is then read by itself
        }
    }

    /** A block that does not fit is damaged, unless it fits now, or its room has been used anew since. */
    private void lookAgain(int i, int position) throws IOException {
        Boolean fits = picture.dataFits(position, crc);
        if ((fits != null && fits) || picture.chunks.seq(i) < oldest.now()) {
            return;
        }
        EntryState state = picture.stateOf(position);
        String is = fits == null ? "can't be read" : "is damaged";
        switch (state) {
            case BEYOND -> {
                // its header is told of; no block of the disk is touched by it
            }
            case DIRTY ->
                report(i, position, Part.DATA, Stake.DATA, is + ". It waits for the backing device: the data is lost.");
            case CLEAN ->
                report(
                        i,
                        position,
                        Part.DATA,
                        Stake.COPY,
                        is + ". The backing device has the same data: nothing is lost.");
            default ->
                report(i, position, Part.DATA, Stake.NONE, is + ". Something newer counts instead: nothing is lost.");
        }
    }

    private void reportLost(int i, int position) {
        if (picture.stateOf(position) == EntryState.LOST) {
            report(
                    i,
                    position,
                    Part.LOST,
                    Stake.DATA,
                    "was found to be damaged earlier. Its sectors "
                            + BlockAnswer.sectors(picture.entries.valid(position))
                            + " read as errors until they are overwritten.");
        }
    }

    private void report(int i, int position, Part part, Stake stake, String what) {
        long address = picture.entries.address(position);
        findings.add(new Finding(
                part,
                stake,
                picture.chunks.segmentId(i),
                picture.slotOf(position),
                picture.offsetOf(position),
                geometry.byteOffset(position),
                picture.chunks.seq(i),
                address,
                "Segment " + picture.chunks.segmentId(i) + ", block " + picture.offsetOf(position) + " (byte "
                        + geometry.byteOffset(position) + " of the device): block " + address + " of the disk (byte "
                        + address * BLOCK_BYTES + ", chunk " + picture.chunks.seq(i) + ") " + what));
    }
}
