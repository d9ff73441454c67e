package writeboost.engine.sim;

/**
 * What a power cut does to the writes that no flush has covered.
 *
 * @param keep probability that a write survives whole
 * @param tear probability that it survives in part, each sector for itself; else it is lost
 * @param keepSector probability of a sector of a torn write to survive
 * @param garbage probability that a write in flight, when torn, leaves a sector that is neither old nor new
 */
record CutProfile(double keep, double tear, double keepSector, double garbage) {
    static CutProfile random(SimRandom random, boolean garbage) {
        return new CutProfile(
                random.oneOf(0, 0.1, 0.5, 0.9, 1),
                random.oneOf(0, 0.1, 0.5),
                random.oneOf(0.1, 0.5, 0.9),
                garbage ? random.oneOf(0, 0.3) : 0);
    }

    /** With far more garbage. */
    CutProfile garbled() {
        return new CutProfile(keep, tear, keepSector, garbage > 0 ? 10 : 0);
    }
}
