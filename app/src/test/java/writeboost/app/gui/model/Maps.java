package writeboost.app.gui.model;

import writeboost.engine.cache.SegmentMap;

/** Pictures of logs for tests. */
public final class Maps {
    /** Full, and nothing of it on the disk. */
    public static final byte DIRTY = 0x7F;
    /** Full, and all of it on the disk. */
    public static final byte CLEAN = 0x0F;
    /** Damaged. */
    public static final byte DAMAGED = (byte) 0x8F;

    private Maps() {}

    /** One of so many segments: D dirty, c clean, x damaged, anything else free; the head is the last dirty one. */
    public static SegmentMap of(String cells) {
        byte[] bytes = new byte[cells.length()];
        int head = -1;
        int tail = -1;
        for (int i = 0; i < bytes.length; i++) {
            switch (cells.charAt(i)) {
                case 'D' -> {
                    bytes[i] = DIRTY;
                    head = i;
                    tail = tail < 0 ? i : tail;
                }
                case 'c' -> bytes[i] = CLEAN;
                case 'x' -> bytes[i] = DAMAGED;
                default -> bytes[i] = 0;
            }
        }
        return new SegmentMap(7, bytes, head, tail, tail);
    }
}
