package writeboost.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the fields of a status, nested ones with dots. */
final class StatusFields {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_.]+)` \\|", Pattern.MULTILINE);

    private StatusFields() {}

    static Set<String> namesOf(JsonNode json) {
        Set<String> names = new TreeSet<>();
        json.properties().forEach(field -> {
            boolean isOpen = field.getKey().equals("settings");
            if (field.getValue().isObject() && !isOpen) {
                namesOf(field.getValue()).forEach(inner -> names.add(field.getKey() + "." + inner));
            } else {
                names.add(field.getKey());
            }
        });
        return names;
    }

    /** Those of the table in the section of docs/cli.md. */
    static Set<String> documented() throws IOException {
        String docs = Files.readString(Path.of("../docs/cli.md"));
        int begin = docs.indexOf("\n## status --json\n");
        Matcher rows = ROW.matcher(docs.substring(begin, docs.indexOf("\n## ", begin + 1)));
        Set<String> names = new TreeSet<>();
        while (rows.find()) {
            names.add(rows.group(1));
        }
        return names;
    }
}
