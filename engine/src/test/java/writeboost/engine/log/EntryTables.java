package writeboost.engine.log;

/** Lets tests of other packages fill a log's table of entries without writing chunks. */
public final class EntryTables {
    private EntryTables() {}

    /** Says which block lies at a position. */
    public static void set(Log log, int position, long address) {
        log.entries().set(position, address, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
    }

    /** An empty table. */
    public static EntryTable of(Geometry geometry) {
        return new EntryTable(geometry.positions());
    }

    /** Says what lies at a position. */
    public static void set(EntryTable entries, int position, long address, int valid, int crc) {
        entries.set(position, address, EntryKind.WRITTEN, valid, valid, crc);
    }
}
