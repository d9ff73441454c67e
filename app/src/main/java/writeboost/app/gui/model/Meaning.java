package writeboost.app.gui.model;

/** The four things that a cell of the tape can mean; one colour each. */
public enum Meaning {
    /** Only on the SSD. */
    DIRTY,
    /** On both. */
    CLEAN,
    /** Nothing live in it. */
    FREE,
    /** Something in it cannot be read. */
    DAMAGED;

    /** What the cell says first. */
    public static Meaning of(byte cell) {
        if (writeboost.engine.cache.SegmentMap.isDamaged(cell)) {
            return DAMAGED;
        }
        if (writeboost.engine.cache.SegmentMap.isFree(cell)) {
            return FREE;
        }
        return writeboost.engine.cache.SegmentMap.dirty(cell) > 0 ? DIRTY : CLEAN;
    }
}
