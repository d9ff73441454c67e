package writeboost.engine.sim;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A few versions of one sector; each with the time at which a later one was known to have taken its place. */
final class VersionSet {
    static final long NEVER = Long.MAX_VALUE;

    private @Nullable Version[] versions = new @Nullable Version[1];
    private long[] supersededAt = new long[1];
    private int size;

    int size() {
        return size;
    }

    Version get(int i) {
        Version version = versions[i];
        if (i >= size || version == null) {
            throw new IndexOutOfBoundsException(i);
        }
        return version;
    }

    long supersededAt(int i) {
        return supersededAt[i];
    }

    /** {@link #NEVER} if it is not one of them. */
    long supersededAt(Version version) {
        for (int i = 0; i < size; i++) {
            if (versions[i] == version) {
                return supersededAt[i];
            }
        }
        return NEVER;
    }

    void supersede(int i, long at) {
        supersededAt[i] = Math.min(supersededAt[i], at);
    }

    void add(Version version) {
        add(version, NEVER);
    }

    private void add(Version version, long superseded) {
        if (size == versions.length) {
            versions = Arrays.copyOf(versions, 2 * size);
            supersededAt = Arrays.copyOf(supersededAt, 2 * size);
        }
        versions[size] = version;
        supersededAt[size++] = superseded;
    }

    boolean contains(Version version) {
        for (int i = 0; i < size; i++) {
            if (versions[i] == version) {
                return true;
            }
        }
        return false;
    }

    void set(Version only) {
        Arrays.fill(versions, null);
        size = 0;
        add(only);
    }

    void copyFrom(VersionSet other) {
        versions = other.versions.clone();
        supersededAt = other.supersededAt.clone();
        size = other.size;
    }

    /** Takes over another set, with versions of its own; {@code copies} holds those made so far. */
    void copyFrom(VersionSet other, IdentityHashMap<Version, Version> copies) {
        copyFrom(other);
        for (int i = 0; i < size; i++) {
            versions[i] = get(i).copy(copies);
        }
    }

    boolean containsAny(List<Version> some) {
        for (int i = 0; i < some.size(); i++) {
            if (contains(some.get(i))) {
                return true;
            }
        }
        return false;
    }

    boolean containsKind(Version.Kind kind) {
        for (int i = 0; i < size; i++) {
            if (get(i).kind == kind) {
                return true;
            }
        }
        return false;
    }

    void removeAt(int i) {
        size--;
        versions[i] = versions[size];
        supersededAt[i] = supersededAt[size];
        versions[size] = null;
    }

    void removeIf(Predicate<Version> gone) {
        for (int i = size - 1; i >= 0; i--) {
            if (gone.test(get(i))) {
                removeAt(i);
            }
        }
    }

    /** Removes what was superseded at or before this time. */
    void removeSuperseded(long until) {
        for (int i = size - 1; i >= 0; i--) {
            if (supersededAt[i] <= until) {
                removeAt(i);
            }
        }
    }

    void forgetTimes() {
        Arrays.fill(supersededAt, NEVER);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : "; ").append(versions[i]);
        }
        return text.append('}').toString();
    }
}
