package writeboost.engine.inspect;

import org.jspecify.annotations.Nullable;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.log.Superblock;

/** Judges the headers of the chunks that are known to be durable. */
final class HeaderCheck {
    private final LogPicture picture;
    private final Geometry geometry;
    private final RottenHeaders rotten;
    private final Findings findings;

    HeaderCheck(LogPicture picture, Superblock superblock, Findings findings) {
        this.picture = picture;
        this.findings = findings;
        geometry = picture.geometry;
        rotten = new RottenHeaders(picture.device, superblock, picture.survey);
    }

    /**
     * Reports the headers that are gone.
     *
     * @param oldest chunks before it are dead, though they were not when the picture was taken
     */
    void checkGaps(long oldest) {
        for (int i = 0; i < picture.chunks.size(); i++) {
            if (picture.chunks.seq(i) < oldest) {
                continue;
            }
            if (picture.chunks.source(i) == ChunkList.Source.COPY) {
                mended(i);
            } else if (picture.chunks.source(i) == ChunkList.Source.NONE) {
                gone(i);
            }
        }
    }

    /**
     * Reports entries that name a place beyond the end of the disk.
     *
     * @param oldest as above
     */
    void checkAddresses(long oldest) {
        for (int i = 0; i < picture.chunks.size(); i++) {
            int place = picture.chunks.place(i);
            if (place < 0 || picture.chunks.seq(i) < oldest) {
                continue;
            }
            for (int p = place + 1; p <= place + picture.chunks.dataBlocks(i); p++) {
                if (picture.entries.address(p) >= picture.diskBlocks) {
                    beyond(i, "block " + picture.entries.address(p));
                }
            }
            for (RangeEntry range : picture.content.rangesAt(place)) {
                if (range.endAddress() > picture.diskBlocks) {
                    beyond(i, "a range up to block " + (range.endAddress() - 1));
                }
            }
        }
    }

    private void beyond(int i, String what) {
        add(
                picture.chunks.seq(i),
                picture.chunks.seq(i) > picture.marks.tail() ? Stake.DATA : Stake.NONE,
                picture.chunks.segmentId(i),
                picture.chunks.place(i),
                "names " + what + ", but the disk has only " + picture.diskBlocks
                        + " blocks. No device does such damage; the cache is not opened.");
    }

    private void mended(int i) {
        add(
                picture.chunks.seq(i),
                Stake.NONE,
                picture.chunks.segmentId(i),
                picture.chunks.place(i),
                "is damaged. What it said is known from its copy in the next header; nothing is lost.");
    }

    private void gone(int i) {
        long seq = picture.chunks.seq(i);
        int before = i > 0 && picture.chunks.place(i - 1) >= 0 ? i - 1 : -1;
        int behind = before < 0 ? -1 : placeBehind(before);
        RottenHeaders.Suspect suspect = rotten.find(seq, behind);
        int place = suspect != null ? suspect.position() : behind;
        Stake stake = seq > picture.marks.tail() ? Stake.DATA : Stake.COPY;
        String what = "is damaged, and there is no copy of it: "
                + (stake == Stake.DATA
                        ? "data that was acknowledged is lost with it, of blocks that are not known."
                        : "only copies of what is on the backing device are lost.");
        if (place < 0) {
            findings.add(new Finding(
                    Part.HEADER,
                    stake,
                    null,
                    null,
                    null,
                    null,
                    seq,
                    null,
                    "Chunk " + seq + ", at a place that is not known: its header " + what));
        } else {
            add(
                    seq,
                    stake,
                    idOf(place, before, suspect),
                    place,
                    (suspect == null ? "should be here, but " : "") + what);
        }
    }

    /** Where the chunk that follows one lies, if its writing went well: behind it, or where the next segment begins. */
    private int placeBehind(int i) {
        int place = picture.chunks.place(i);
        int end = picture.offsetOf(place) + 1 + picture.chunks.dataBlocks(i);
        if (end < geometry.segmentBlocks()) {
            return place - picture.offsetOf(place) + end;
        }
        return geometry.position(geometry.slotOf(picture.chunks.segmentId(i) + 1), 0);
    }

    /** Ids only grow, and a segment takes the next one that its slot allows. */
    private @Nullable Long idOf(int place, int before, RottenHeaders.@Nullable Suspect suspect) {
        int slot = picture.slotOf(place);
        if (before >= 0) {
            long id = picture.chunks.segmentId(before);
            long steps = Math.floorMod(slot - geometry.slotOf(id), geometry.segments());
            return id + steps;
        }
        return suspect != null && geometry.slotOf(suspect.segmentId()) == slot ? suspect.segmentId() : null;
    }

    private void add(long seq, Stake stake, @Nullable Long segmentId, int place, String what) {
        findings.add(new Finding(
                Part.HEADER,
                stake,
                segmentId,
                picture.slotOf(place),
                picture.offsetOf(place),
                geometry.byteOffset(place),
                seq,
                null,
                "Segment " + (segmentId == null ? "?" : segmentId) + ", block " + picture.offsetOf(place) + " (byte "
                        + geometry.byteOffset(place) + " of the device): the header of chunk " + seq + " " + what));
    }
}
