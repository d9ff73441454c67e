package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import writeboost.app.config.Sizes;
import writeboost.app.config.Version;

/** What a bench runs on: without it, figures say little. */
final class Machine {
    private Machine() {}

    static List<Report.Fact> facts(Workbench bench) throws IOException {
        FileStore store = Files.getFileStore(bench.data());
        BenchOptions options = bench.options();
        List<Report.Fact> facts = new ArrayList<>();
        facts.add(new Report.Fact("writeboost", Version.text()));
        facts.add(new Report.Fact("processors", Runtime.getRuntime().availableProcessors() + " x " + processor()));
        facts.add(new Report.Fact("memory", memory()));
        facts.add(new Report.Fact("kernel", firstLine("/proc/sys/kernel/osrelease")));
        facts.add(new Report.Fact("java", Runtime.version().toString()));
        facts.add(new Report.Fact("files on", store.type() + " (" + store.name() + ")"));
        facts.add(new Report.Fact("disks of", Sizes.format(options.diskBytes())));
        facts.add(new Report.Fact("turns", options.rounds() + " of about " + options.seconds() + " s"));
        facts.add(new Report.Fact("client", bench.client().description()));
        return facts;
    }

    private static String processor() {
        return found("/proc/cpuinfo", Pattern.compile("(?m)^model name\\s*:\\s*(.+)$"), "processor of unknown make");
    }

    private static String memory() {
        String kib = found("/proc/meminfo", Pattern.compile("(?m)^MemTotal:\\s*(\\d+) kB$"), "0");
        return Sizes.format(Long.parseLong(kib) << 10);
    }

    private static String found(String file, Pattern pattern, String otherwise) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
            return matcher.find() ? matcher.group(1).trim() : otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }

    private static String firstLine(String file) {
        return found(file, Pattern.compile("(.+)"), "unknown");
    }
}
