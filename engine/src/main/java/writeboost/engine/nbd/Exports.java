package writeboost.engine.nbd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** The exports of a server by name. Immutable: a change makes a new one, so that handshakes read without a lock. */
final class Exports {
    static final Exports NONE = new Exports(List.of());

    private final List<Export> all;

    private Exports(List<Export> all) {
        this.all = all;
    }

    /** In the order in which they were added. */
    List<Export> all() {
        return all;
    }

    /** Finds an export; the empty name means the only one there is. */
    @Nullable Export find(String name) {
        if (name.isEmpty() && all.size() == 1) {
            return all.get(0);
        }
        for (Export export : all) {
            if (export.name().equals(name)) {
                return export;
            }
        }
        return null;
    }

    Exports with(String name, Disk disk) throws EngineException {
        check(name);
        List<Export> more = new ArrayList<>(all);
        more.add(new Export(name, disk));
        return new Exports(List.copyOf(more));
    }

    Exports without(Export export) {
        List<Export> fewer = new ArrayList<>(all);
        fewer.remove(export);
        return new Exports(List.copyOf(fewer));
    }

    private void check(String name) throws EngineException {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new EngineException(ErrorCode.USAGE, "An export needs a name without NUL characters.");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > Limits.STRING_BYTES_MAX) {
            throw new EngineException(
                    ErrorCode.USAGE, "An export's name may have " + Limits.STRING_BYTES_MAX + " bytes at the most.");
        }
        for (Export export : all) {
            if (export.name().equals(name)) {
                throw new EngineException(
                        ErrorCode.IN_USE, "This server has an export " + name + " already: choose another name.");
            }
        }
        if (all.size() >= Limits.EXPORTS_MAX) {
            throw new EngineException(
                    ErrorCode.USAGE, "A server has " + Limits.EXPORTS_MAX + " exports at the most: start another one.");
        }
    }
}
