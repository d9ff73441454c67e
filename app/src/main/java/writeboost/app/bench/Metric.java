package writeboost.app.bench;

/** What can be told of a turn. */
enum Metric {
    /** Requests per second. */
    RATE("rate", "I/O per second", true),
    /** Data per second. */
    BANDWIDTH("bandwidth", "MiB/s", true),
    /** Mean time from sending a request to having its answer. */
    LATENCY("latency", "us", false),
    /** Time of the server's processor per request. */
    CPU("server CPU per request", "us of CPU per I/O", false);

    private final String text;
    private final String unit;
    private final boolean moreIsBetter;

    Metric(String text, String unit, boolean moreIsBetter) {
        this.text = text;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    /** For people. */
    String text() {
        return text;
    }

    String unit() {
        return unit;
    }

    double of(Turn turn) {
        return switch (this) {
            case RATE -> turn.requests() / turn.seconds();
            case BANDWIDTH -> turn.bytes() / turn.seconds() / (1 << 20);
            case LATENCY -> turn.meanLatencySeconds() * 1e6;
            case CPU -> turn.cpuSeconds() / turn.requests() * 1e6;
        };
    }

    /** The better of two values. */
    double better(double one, double other) {
        return moreIsBetter ? Math.max(one, other) : Math.min(one, other);
    }
}
