package writeboost.app.gui.model;

/**
 * The colours of the tape, as opaque ARGB. Orange, blue and vermilion are Okabe and Ito's, which people with any colour
 * vision tell apart; the three and the grey differ in lightness too.
 */
@SuppressWarnings("ArrayRecordComponent") // made twice, and compared by nobody
public record TapePalette(
        int background, int free, int dirty, int clean, int cleanOld, int damaged, int hatch, int[] ages) {
    private static final int AGE_STEPS = 16;

    /** On white. */
    public static final TapePalette LIGHT = new TapePalette(
            0xFFFFFFFF,
            0xFFE4E7EB,
            0xFFE69F00,
            0xFF0072B2,
            0xFF3E8DC2,
            0xFFD55E00,
            0xFFFFFFFF,
            ramp(0xFF1B2A4A, 0xFF5E7FA3, 0xFFCBD8E6));
    /** On near black. */
    public static final TapePalette DARK = new TapePalette(
            0xFF0F1419,
            0xFF272D34,
            0xFFE69F00,
            0xFF3A8EC6,
            0xFF2A6590,
            0xFFD55E00,
            0xFF0F1419,
            ramp(0xFFEAF1F8, 0xFF7C9CBC, 0xFF33485E));

    /** The colour of a clean cell, from just moved (0) to long ago (1). */
    int clean(double age) {
        return mix(clean, cleanOld, age);
    }

    /** In the colouring by age: from the newest (0) to the oldest (1). */
    public int age(double age) {
        return ages[(int) Math.round(Math.max(0, Math.min(1, age)) * (ages.length - 1))];
    }

    private static int[] ramp(int newest, int middle, int oldest) {
        int[] colours = new int[AGE_STEPS];
        for (int i = 0; i < AGE_STEPS; i++) {
            double at = 2.0 * i / (AGE_STEPS - 1);
            colours[i] = at < 1 ? mix(newest, middle, at) : mix(middle, oldest, at - 1);
        }
        return colours;
    }

    /** A colour between two. */
    static int mix(int from, int to, double share) {
        int mixed = 0xFF;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 0xFF;
            int b = to >> shift & 0xFF;
            mixed = mixed << 8 | (int) Math.round(a + (b - a) * share);
        }
        return mixed;
    }
}
