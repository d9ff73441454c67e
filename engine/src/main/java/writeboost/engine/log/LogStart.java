package writeboost.engine.log;

import writeboost.engine.device.BlockDevice;

/**
 * What a log begins with, after replay.
 *
 * @param marks as they are after replay; durable is what is recorded on the device
 * @param nextSeq of the first chunk of this incarnation
 * @param generation of the newest checkpoint on the device
 * @param incarnation of this opening
 * @param incarnations all that still matter, this one included
 */
record LogStart(
        BlockDevice device,
        Superblock superblock,
        SegmentTable segments,
        EntryTable entries,
        Marks marks,
        long nextSeq,
        long generation,
        long incarnation,
        Incarnations incarnations,
        Fingerprint fingerprint) {}
