package writeboost.engine.device;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has open for itself through java.nio. Its locks belong to the process, and the kernel drops them as
 * soon as the process closes <em>any</em> descriptor of the file: so a second opening must be refused before it touches
 * the file. This is a fact about the process, and therefore static; openings through system calls have locks of their own
 * and need none of this.
 */
final class HeldFiles {
    private static final Set<Key> HELD = ConcurrentHashMap.newKeySet();

    private record Key(boolean disk, long device, long inode) {
        static Key of(FileTarget target) {
            return target.isBlockDevice()
                    ? new Key(true, target.specialDevice(), 0)
                    : new Key(false, target.device(), target.inode());
        }
    }

    private HeldFiles() {}

    /** Whether nobody had it; then it is held until {@link #release}. */
    static boolean hold(FileTarget target) {
        return HELD.add(Key.of(target));
    }

    static void release(FileTarget target) {
        HELD.remove(Key.of(target));
    }

    static boolean isHeld(FileTarget target) {
        return HELD.contains(Key.of(target));
    }
}
