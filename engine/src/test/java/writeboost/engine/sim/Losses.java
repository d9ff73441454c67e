package writeboost.engine.sim;

/**
 * What a disk has lost or made up, in sectors, as the oracle has counted it. A run ends with the first request that is wrong, of
 * which all sectors count.
 *
 * @param lost that hold an older version than they must, or can't be read though nothing stands in the way
 * @param wrong that hold what was meant for another sector, a mixture, or zeros that nobody asked for
 * @param foreign that hold what nobody wrote
 */
record Losses(long lost, long wrong, long foreign) {
    static final Losses NONE = new Losses(0, 0, 0);

    static Losses lost(long sectors) {
        return new Losses(sectors, 0, 0);
    }

    /** A whole sector that holds none of the versions that it may. */
    static Losses of(byte[] got, int at, int sector, int sectors) {
        int version = Stamp.version(got, at, sector);
        if (version >= 0 && Stamp.matches(got, at, sector, version)) {
            return lost(1);
        }
        boolean ours =
                Stamp.isZero(got, at) || !Stamp.describe(got, at, sectors).contains("no word of ours");
        return ours ? new Losses(0, 1, 0) : new Losses(0, 0, 1);
    }

    Losses plus(Losses other) {
        return new Losses(lost + other.lost, wrong + other.wrong, foreign + other.foreign);
    }
}
