package writeboost.engine.log;

/** Why a chunk was closed; the numbers are those of docs/format.md section 4. */
public enum CloseReason {
    UNKNOWN(0),
    FULL(1),
    FLUSH(2),
    FUA(3),
    TIMER(4),
    STOP(5),
    WRITEBACK(6);

    private final byte number;

    CloseReason(int number) {
        this.number = (byte) number;
    }

    byte number() {
        return number;
    }

    static CloseReason of(byte number) {
        for (CloseReason reason : values()) {
            if (reason.number == number) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
