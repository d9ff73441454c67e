package writeboost.app.bench;

import java.util.ArrayList;
import java.util.List;
import writeboost.app.bench.inside.InsideRows;

/** All rows there are, in the order in which they are run. A new one is added here. */
public final class Rows {
    private Rows() {}

    /**
     * All of them.
     *
     * @param options the sizes that rows are made for
     */
    public static List<Row> all(BenchOptions options) {
        List<Row> rows = new ArrayList<>();
        rows.addAll(SmallRequestRows.of(options));
        rows.addAll(FlushRows.of(options));
        rows.addAll(LargeRequestRows.of(options));
        rows.addAll(SlowDiskRows.of(options));
        rows.addAll(CacheFilterRows.of(options));
        rows.addAll(InsideRows.all());
        return rows;
    }
}
