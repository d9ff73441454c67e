package writeboost.engine.cache;

/** Follows, and may cancel, a long operation. Called on the thread that runs the operation. */
public interface Progress {
    /** Tells nobody, and never cancels. */
    Progress NONE = (done, total) -> true;

    /**
     * How far it is.
     *
     * @param done units (blocks, segments) so far
     * @param total units in all, as far as known
     * @return false to cancel: the operation then ends with {@code CANCELLED} as soon as it safely can
     */
    boolean update(long done, long total);
}
