package writeboost.engine.nbd;

/** An option is refused; the handshake goes on. */
final class OptionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int replyType;
    private final String text;

    /**
     * Makes one.
     *
     * @param replyType one of {@link Wire}'s REP_ERR_...
     * @param text for the person at the other end
     */
    OptionException(int replyType, String text) {
        super(text);
        this.replyType = replyType;
        this.text = text;
    }

    int replyType() {
        return replyType;
    }

    /** What to tell the client. */
    String text() {
        return text;
    }
}
