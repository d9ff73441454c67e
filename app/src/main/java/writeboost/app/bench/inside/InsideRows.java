package writeboost.app.bench.inside;

import java.util.List;
import writeboost.app.bench.Row;

/** The rows of this package. */
public final class InsideRows {
    private InsideRows() {}

    /** All of them. */
    public static List<Row> all() {
        return List.of(
                new CacheBandwidthRow(),
                new FlushRateRow(),
                new LogCostRow(),
                new OverwriteRow(),
                new HeadTravelRow(),
                new RestartRow(),
                new TailLatencyRow(),
                new MemoryRow(),
                new AllocationRow(),
                new OpeningRow(),
                new GrowthRow());
    }
}
