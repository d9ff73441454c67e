package writeboost.engine.sim;

import java.util.EnumMap;

/** How often each kind of fault has struck, by device. */
final class FaultCounts {
    private final EnumMap<FaultKind, Long> onCache = new EnumMap<>(FaultKind.class);
    private final EnumMap<FaultKind, Long> onBacking = new EnumMap<>(FaultKind.class);

    void add(FaultKind kind, boolean cache, long times) {
        (cache ? onCache : onBacking).merge(kind, times, Long::sum);
    }

    void add(FaultCounts other) {
        other.onCache.forEach((kind, n) -> add(kind, true, n));
        other.onBacking.forEach((kind, n) -> add(kind, false, n));
    }

    long of(FaultKind kind, boolean cache) {
        return (cache ? onCache : onBacking).getOrDefault(kind, 0L);
    }

    /** Kinds that have struck, each device for itself. */
    long kinds() {
        return onCache.values().stream().filter(n -> n > 0).count()
                + onBacking.values().stream().filter(n -> n > 0).count();
    }
}
