package writeboost.app.bench;

/**
 * The plain values behind a ratio: what one of those compared did.
 *
 * @param who as in {@code nbdkit memory}
 * @param unit as in {@code I/O per second}
 */
public record Series(String who, String unit, Samples samples) {}
