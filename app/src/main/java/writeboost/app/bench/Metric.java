package writeboost.app.bench;

import java.util.function.ToDoubleFunction;

/** What can be told of a turn. */
enum Metric {
    /** Requests per second. */
    RATE("I/O per second", true, turn -> turn.requests() / turn.seconds()),
    /** Data per second. */
    BANDWIDTH("MiB/s", true, turn -> turn.bytes() / turn.seconds() / (1 << 20)),
    /** Mean time from sending a request to having its answer. */
    LATENCY("us", false, turn -> turn.meanLatencySeconds() * 1e6),
    /** Time of the server's processor per request. */
    CPU("us of CPU per I/O", false, turn -> turn.cpuSeconds() / turn.requests() * 1e6);

    private final String unit;
    private final boolean moreIsBetter;
    private final ToDoubleFunction<Turn> value;

    Metric(String unit, boolean moreIsBetter, ToDoubleFunction<Turn> value) {
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
        this.value = value;
    }

    String unit() {
        return unit;
    }

    double of(Turn turn) {
        return value.applyAsDouble(turn);
    }

    /** The better of two values. */
    double better(double one, double other) {
        return moreIsBetter ? Math.max(one, other) : Math.min(one, other);
    }
}
