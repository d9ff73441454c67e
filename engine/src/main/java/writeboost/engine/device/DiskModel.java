package writeboost.engine.device;

import writeboost.engine.error.Invariant;

/**
 * The figures of a spinning disk on a USB cable, for {@link SpinningDevice}.
 *
 * <p>Where the figures of {@link #EXTERNAL_7200_RPM} come from. Revolution, latency and seeks: the specification of
 * Hitachi's Deskstar 7K1000.C (7,200 revolutions per minute, 8.5 ms for an average read seek, which a full stroke of 15 ms
 * gives: 1 + 14 x 8/15 by the square-root law) and its contemporaries (about 1 ms from track to track). Rates: desktop
 * disks of 1 TB on two or three platters reach 180 MB/s outside; inside it is about half (the specification of the Deskstar
 * 7K500 has 76 and 37 MB/s for its first and last zone). The square-root law: Ruemmler and Wilkes, "An introduction to disk
 * drive modeling", IEEE Computer 27(3), 1994 (they let it pass into a straight line for the longest seeks). A USB 3.0 cable
 * of 5 Gbit/s carries about 400 MB/s of data, and a command and its status cost some frames of 125 us.
 *
 * <p>The disk itself does one thing at a time, and does not sort. What waits for it is sorted by the kernel's block layer,
 * by mq-deadline (Documentation/block/deadline-iosched.rst) on Debian: see {@link Elevator}. A disk that sorts too, by the
 * angle at which the platter stands (native command queuing, or UAS on the cable), would be faster still with many reads
 * in flight.
 *
 * @param revolutionNs one revolution
 * @param trackToTrackNs the shortest seek
 * @param fullStrokeNs the longest seek; seeks between grow with the square root of the distance
 * @param strokeFraction how much of the platter's width the device takes, from the outer edge: above 0, at most 1
 * @param outerBytesPerSecond transfer rate at the outer edge
 * @param innerBytesPerSecond transfer rate at the inner edge of the platter; between them it falls linearly
 * @param commandNs what each command costs on the cable
 * @param cableBytesPerSecond what the cable carries
 * @param writeCacheBytes written data that the disk acknowledges before it is on the platter; written there in order of
 *     arrival
 * @param readAheadBytes how far the disk goes on reading when nothing else is asked of it
 */
public record DiskModel(
        long revolutionNs,
        long trackToTrackNs,
        long fullStrokeNs,
        double strokeFraction,
        long outerBytesPerSecond,
        long innerBytesPerSecond,
        long commandNs,
        long cableBytesPerSecond,
        long writeCacheBytes,
        long readAheadBytes) {

    /**
     * An external desktop disk of which the device is the outer third: a disk that is partly full, which is kind to it.
     * Random access: 1 + 14 x sqrt(1/3) x 8/15 + 4.17 = 9.5 ms, about 105 a second; sequential: 180 to 150 MB/s.
     */
    public static final DiskModel EXTERNAL_7200_RPM = new DiskModel(
            8_333_333,
            1_000_000,
            15_000_000,
            1 / 3.0,
            180_000_000,
            90_000_000,
            150_000,
            400_000_000,
            16 << 20,
            8 << 20);

    public DiskModel {
        boolean sound = revolutionNs > 0
                && trackToTrackNs >= 0
                && fullStrokeNs >= trackToTrackNs
                && strokeFraction > 0
                && strokeFraction <= 1
                && innerBytesPerSecond > 0
                && outerBytesPerSecond >= innerBytesPerSecond
                && commandNs >= 0
                && cableBytesPerSecond > 0
                && writeCacheBytes >= 0
                && readAheadBytes >= 0;
        Invariant.check(sound, "the figures of a disk model are possible");
    }
}
