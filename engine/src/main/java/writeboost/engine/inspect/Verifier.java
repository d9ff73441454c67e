package writeboost.engine.inspect;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;
import writeboost.engine.log.CheckpointSlot;
import writeboost.engine.log.FoundChunks;
import writeboost.engine.log.LogScanner;
import writeboost.engine.log.Superblock;

/**
 * Reads all of a cache that is live, and tells what of it is damaged. Live are:
 * <ul>
 *   <li>both superblocks;
 *   <li>both copies of the newest checkpoint;
 *   <li>of the chunks from oldest to the end of the log: headers and data, also of entries that something newer supersedes.
 * </ul>
 * All else (older checkpoints, chunks before oldest or voided, room that was never used) is dead and may hold anything.
 *
 * <p>Up to the durable mark, what does not fit is damage. Above it, the first chunk that does not fit is the end of the log:
 * that is how a crash leaves it.
 *
 * <p>A cache that is being written changes under the reader. Nothing is reported before it was read again and its chunk was
 * seen to be still part of the log.
 */
final class Verifier {
    /** Pieces of damage that are told one by one; more say no more. */
    static final int MAX_FINDINGS = 10_000;

    /** Units of progress for reading headers; reading the data has the rest of {@link #ALL_UNITS}. */
    private static final int SCAN_UNITS = 100;

    private static final int ALL_UNITS = 1000;

    private final BlockDevice device;
    private final Superblock superblock;
    private final Findings findings = new Findings();

    Verifier(BlockDevice device, Superblock superblock) {
        this.device = device;
        this.superblock = superblock;
    }

    Verdict verify(boolean served, Progress progress) throws IOException {
        for (Superblock.BadCopy bad : Superblock.badCopies(device)) {
            findings.add(new Finding(
                    Part.SUPERBLOCK,
                    Stake.NONE,
                    null,
                    null,
                    null,
                    bad.byteOffset(),
                    null,
                    null,
                    "The copy of the superblock at byte " + bad.byteOffset() + " of the device " + bad.what()
                            + "; the other copy is intact."));
        }
        long before = generation();
        LogPicture picture =
                LogPicture.take(device, superblock, served, (d, t) -> progress.update(d * SCAN_UNITS / t, ALL_UNITS));
        boolean moving = served || generation() != before || isWritten(picture);
        if (moving && !served) {
            picture = LogPicture.take(device, superblock, true, Progress.NONE);
        }
        checkCheckpoints(picture);
        HeaderCheck headers = new HeaderCheck(picture, superblock, findings);
        headers.checkGaps(oldestNow());
        headers.checkAddresses(oldestNow());
        DataCheck data = new DataCheck(picture, this::oldestNow, findings);
        data.check((d, t) -> progress.update(SCAN_UNITS + d * (ALL_UNITS - SCAN_UNITS) / t, ALL_UNITS));
        noteEnd(picture, moving);
        progress.update(ALL_UNITS, ALL_UNITS);
        return new Verdict(
                moving,
                picture.chunks.size(),
                data.dataBlocks(),
                picture.dirtyBlocks(),
                findings.count(),
                findings.findings(),
                findings.notes());
    }

    private void checkCheckpoints(LogPicture picture) {
        Optional<List<CheckpointSlot>> slots = CheckpointCheck.read(new LogScanner(device, superblock));
        if (slots.isEmpty()) {
            findings.note("Checkpoints are written faster than they can be read; none was judged.");
        } else {
            long newest = CheckpointCheck.newestGeneration(slots.get());
            new CheckpointCheck(findings::add, findings::note)
                    .check(slots.get(), picture.highestNamedGeneration(newest));
        }
    }

    /**
     * What is missing in the picture may have been written behind the reader's back: then another one has more, even if nobody
     * has written since.
     */
    private boolean isWritten(LogPicture picture) throws IOException {
        if (picture.gaps() == 0) {
            return false;
        }
        LogPicture again = LogPicture.take(device, superblock, false, Progress.NONE);
        return again.newestFound() != picture.newestFound() || again.gaps() != picture.gaps();
    }

    private long generation() {
        return CheckpointCheck.newestGeneration(new LogScanner(device, superblock).readCheckpointSlots());
    }

    /** Room is used anew only after a checkpoint that says so is durable: it suffices to read those. */
    private long oldestNow() throws IOException {
        LogScanner scanner = new LogScanner(device, superblock);
        scanner.readCheckpoints();
        return scanner.marks().oldest();
    }

    private void noteEnd(LogPicture picture, boolean moving) {
        if (moving) {
            findings.note("The cache is being used: this is a moving picture. Up to chunk " + picture.lastSeq()
                    + " was looked at; what was written later was not.");
            return;
        }
        FoundChunks found = picture.survey.found();
        int behind = 0;
        for (int i = 0; i < found.size(); i++) {
            behind += found.seq(i) > picture.lastSeq() && !picture.survey.isVoid(i) ? 1 : 0;
        }
        if (behind > 0) {
            findings.note(behind + (behind == 1 ? " chunk lies" : " chunks lie") + " behind the end of the log, after"
                    + " chunk " + picture.lastSeq() + ": written when the cache was stopped by force, but not whole."
                    + " They were never promised to be safe, and will not count.");
        }
    }
}
