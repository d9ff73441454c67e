package writeboost.engine.log;

/** Lets tests of other packages fill a log's table of entries without writing chunks. */
public final class EntryTables {
    private EntryTables() {}

    /** Says which block lies at a position. */
    public static void set(Log log, int position, long address) {
        log.entries().set(position, address, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
    }
}
