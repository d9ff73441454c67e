package writeboost.engine.device;

/**
 * The geometry of a modelled disk: where a byte lies, and how long the head takes to get there. Immutable, without a
 * clock: times are arguments.
 *
 * <p>The rate falls linearly from the outer edge, so with rate r(x) = outer - slope * x the number of tracks before byte
 * x is the integral of dx / (r(x) * revolution): a logarithm. The fraction of that number is the angle at which the byte
 * lies, and a difference of two of them is the time to transfer what lies between, in revolutions: reading on without a
 * pause meets each byte exactly when it passes. (Real disks skew their tracks to that end.)
 */
final class Platter {
    /** An angle missed by less was not missed: the clock has whole nanoseconds, and sums of them go wrong by some. */
    private static final long TOLERANCE_NS = 2_000;

    private static final double NS_PER_SECOND = 1e9;

    private final DiskModel model;
    private final long sizeBytes;
    private final double slopePerByte;

    Platter(DiskModel model, long sizeBytes) {
        this.model = model;
        this.sizeBytes = Math.max(1, sizeBytes);
        this.slopePerByte =
                (model.outerBytesPerSecond() - model.innerBytesPerSecond()) * model.strokeFraction() / this.sizeBytes;
    }

    /** Tracks before a byte, counted from the outer edge. */
    private double tracks(long byteOffset) {
        double revolutionsPerSecond = NS_PER_SECOND / model.revolutionNs();
        double outer = model.outerBytesPerSecond();
        double seconds =
                slopePerByte == 0 ? byteOffset / outer : -Math.log1p(-slopePerByte * byteOffset / outer) / slopePerByte;
        return seconds * revolutionsPerSecond;
    }

    /** Bytes per second where that byte lies. */
    double rate(long byteOffset) {
        return model.outerBytesPerSecond() - slopePerByte * byteOffset;
    }

    /** How long the bytes between two offsets take to pass under the head. */
    long transferNs(long fromByte, long toByte) {
        return Math.round((tracks(toByte) - tracks(fromByte)) * model.revolutionNs());
    }

    /** How long the arm takes from one byte's track to another's. */
    long seekNs(long fromByte, long toByte) {
        if ((long) tracks(fromByte) == (long) tracks(toByte)) {
            return 0;
        }
        double distance = model.strokeFraction() * Math.abs(toByte - fromByte) / sizeBytes;
        return model.trackToTrackNs()
                + Math.round((model.fullStrokeNs() - model.trackToTrackNs()) * Math.sqrt(distance));
    }

    /**
     * When the head can begin to transfer a byte: after the seek, when the byte comes by.
     *
     * @param nowNs when the head becomes free at {@code fromByte}
     */
    long reachNs(long nowNs, long fromByte, long toByte) {
        // Reading on needs no seek even into the next track: the skew of the tracks hides it.
        long arrivedNs = fromByte == toByte ? nowNs : nowNs + seekNs(fromByte, toByte);
        double tracks = tracks(toByte);
        long angleNs = (long) ((tracks - Math.floor(tracks)) * model.revolutionNs());
        long waitNs = Math.floorMod(angleNs - arrivedNs, model.revolutionNs());
        return waitNs > model.revolutionNs() - TOLERANCE_NS
                ? arrivedNs + waitNs - model.revolutionNs()
                : arrivedNs + waitNs;
    }
}
