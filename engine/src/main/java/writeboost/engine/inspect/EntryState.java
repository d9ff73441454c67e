package writeboost.engine.inspect;

/** What an entry of the log is worth. */
public enum EntryState {
    /** It counts, and the backing device does not have it yet. */
    DIRTY,
    /** It counts; the backing device has it too. */
    CLEAN,
    /** It counts, and says that the data was lost: reads fail until the block is overwritten. */
    LOST,
    /** A later entry, or a later range, counts instead. */
    SUPERSEDED,
    /** It names a place beyond the end of the disk: nothing can be made of it, and it never counts. */
    BEYOND,
    /** It is not part of the log any more, or never was. */
    DEAD
}
