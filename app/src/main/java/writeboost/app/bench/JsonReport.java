package writeboost.app.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import writeboost.app.control.Json;

/** The result as JSON, for programs. Fields are never renamed or removed, but new ones may come. */
public final class JsonReport {
    private JsonReport() {}

    private record Document(Map<String, String> machine, long bars, long barsMet, List<RowView> rows) {}

    private record RowView(
            String name,
            String title,
            String method,
            double seconds,
            List<FigureView> figures,
            List<String> leftOut,
            @Nullable String error) {
        static RowView of(Report.Result row) {
            return new RowView(
                    row.name(),
                    row.title(),
                    row.method(),
                    row.seconds(),
                    row.outcome().figures().stream().map(FigureView::of).toList(),
                    row.outcome().leftOut(),
                    row.error());
        }
    }

    private record FigureView(
            String what,
            String unit,
            double median,
            double min,
            double max,
            List<Double> values,
            @Nullable BarView bar,
            @Nullable Boolean met,
            List<SeriesView> series,
            String note) {
        static FigureView of(Figure figure) {
            boolean judged = figure.bar().exists();
            Samples values = figure.values();
            return new FigureView(
                    figure.what(),
                    figure.unit(),
                    values.median(),
                    values.min(),
                    values.max(),
                    values.values(),
                    judged ? new BarView(figure.bar().kind(), figure.bar().value()) : null,
                    judged ? figure.isMet() : null,
                    figure.series().stream().map(SeriesView::of).toList(),
                    figure.note());
        }
    }

    private record BarView(Bar.Kind kind, double value) {}

    private record SeriesView(String who, String unit, double median, double min, double max, List<Double> values) {
        static SeriesView of(Series series) {
            Samples samples = series.samples();
            return new SeriesView(
                    series.who(), series.unit(), samples.median(), samples.min(), samples.max(), samples.values());
        }
    }

    /** The text. */
    public static String text(Report report) {
        Map<String, String> machine = new LinkedHashMap<>();
        report.machine().forEach(fact -> machine.put(fact.name().replace(' ', '_'), fact.value()));
        return Json.pretty(new Document(
                machine,
                report.barred(),
                report.met(),
                report.rows().stream().map(RowView::of).toList()));
    }
}
