package writeboost.app.control;

import org.jspecify.annotations.Nullable;

/**
 * What a person decides about the data that waits on a cache whose disk was changed without it.
 *
 * @param folder of {@link Kind#EXPORT}: where the data goes; else null
 */
public record Resolution(Kind kind, @Nullable String folder) {
    /** The choices. */
    public enum Kind {
        /** The disk is right: what waits is given up. */
        DISCARD,
        /** What waits is right: it is written to the disk, over what was changed there. */
        FORCE,
        /** Undecided: what waits is copied to a folder; nothing else is changed. */
        EXPORT
    }

    /** Gives up what waits. */
    public static Resolution discard() {
        return new Resolution(Kind.DISCARD, null);
    }

    /** Writes it all the same. */
    public static Resolution force() {
        return new Resolution(Kind.FORCE, null);
    }

    /** Copies it to a folder. */
    public static Resolution export(String folder) {
        return new Resolution(Kind.EXPORT, folder);
    }
}
