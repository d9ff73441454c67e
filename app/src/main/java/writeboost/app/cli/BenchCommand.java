package writeboost.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import writeboost.app.bench.Bench;
import writeboost.app.bench.BenchOptions;
import writeboost.app.bench.HtmlReport;
import writeboost.app.bench.JsonReport;
import writeboost.app.bench.MarkdownReport;
import writeboost.app.bench.Report;
import writeboost.app.bench.Row;
import writeboost.app.bench.Rows;
import writeboost.app.bench.TableReport;
import writeboost.app.bench.Workbench;
import writeboost.app.config.Sizes;

@Command(
        name = "bench",
        description = {
            "Measure what a cache gains and what it costs, on throw-away files; nothing of yours is touched.",
            "With --peers beside other NBD servers, in turns, with fio as the client of all."
        })
final class BenchCommand extends ProgramCommand {
    @Option(names = "--peers", description = "Beside nbdkit, qemu-nbd and nbd-server, with fio's nbd engine.")
    private boolean peers;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "These rows only; see --list. May be repeated, or be several with commas.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--list", description = "Show the rows, and measure nothing.")
    private boolean list;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Turns of each that is compared, after the warm-up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description = "About how long a turn takes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Where the files of disks and caches are to lie for the while; else in the temp folder.")
    private @Nullable Path folder;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "1G",
            description = "Of the disks (default: ${DEFAULT-VALUE}); five times as much must be free.")
    private String size = "";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there as JSON.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the result there as a page with plots.")
    private @Nullable Path html;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the result there as Markdown.")
    private @Nullable Path markdown;

    BenchCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        BenchOptions options = options();
        List<Row> rows = rows(options);
        if (list) {
            rows.forEach(row -> say(String.format("%-24s %s", row.name(), row.title())));
            return ExitCodes.DONE;
        }
        Report report = new Bench(options, context().environment(), new Onlooker()).run(rows);
        TableReport.lines(report).forEach(this::say);
        write(json, JsonReport.text(report));
        write(html, HtmlReport.text(report));
        write(markdown, MarkdownReport.text(report));
        if (context().interruption().isRequested()) {
            terminal().err().println("Ended early; everything else is thrown away.");
            return ExitCodes.FAILED;
        }
        return report.hasErrors() ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    private BenchOptions options() {
        inRange("--rounds", rounds, BenchOptions.MIN_ROUNDS, BenchOptions.MAX_ROUNDS);
        inRange("--seconds", seconds, BenchOptions.MIN_SECONDS, BenchOptions.MAX_SECONDS);
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage("--dir is " + folder + ", which is no folder");
        }
        mustBeWritable("--json", json);
        mustBeWritable("--html", html);
        mustBeWritable("--markdown", markdown);
        return new BenchOptions(peers, rounds, seconds, diskBytes(), folder == null ? null : folder.toAbsolutePath());
    }

    private long diskBytes() {
        long bytes;
        try {
            bytes = Sizes.parse(size);
        } catch (IllegalArgumentException e) {
            throw usage("--size: " + e.getMessage());
        }
        if (bytes < BenchOptions.MIN_DISK_BYTES || bytes > BenchOptions.MAX_DISK_BYTES || bytes % (1 << 20) != 0) {
            throw usage("--size is " + size + ", but must be whole MiB from "
                    + Sizes.format(BenchOptions.MIN_DISK_BYTES) + " to " + Sizes.format(BenchOptions.MAX_DISK_BYTES));
        }
        return bytes;
    }

    private void inRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw usage(option + " is " + value + ", but must be from " + min + " to " + max);
        }
    }

    /** Found out before, rather than after, all has been measured. */
    private void mustBeWritable(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isRegularFile(file) && Files.isWritable(file)
                : parent != null && Files.isDirectory(parent) && Files.isWritable(parent);
        if (!writable) {
            throw usage(option + " is " + file + ", which cannot be written");
        }
    }

    private List<Row> rows(BenchOptions options) {
        List<Row> all = Rows.all(options);
        Set<String> names = all.stream().map(Row::name).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>(only);
        unknown.removeAll(names);
        if (!unknown.isEmpty()) {
            throw usage("there is no row " + String.join(", ", unknown) + "; `writeboost bench --list` shows all");
        }
        return only.isEmpty()
                ? all
                : all.stream().filter(row -> only.contains(row.name())).toList();
    }

    private void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text + "\n");
        }
    }

    private final class Onlooker implements Workbench.Audience {
        @Override
        public void say(String line) {
            terminal().err().println(line);
        }

        @Override
        public boolean leaves() {
            return context().interruption().isRequested();
        }
    }
}
