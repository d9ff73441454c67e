package writeboost.engine.sim;

/** What a run must come through now and then, or it proves less than it seems to. */
enum Situation {
    PREFIX("order across blocks compared after a cut"),
    OVERLAPPING("writes in flight that overlap"),
    MULTI_BLOCK("requests of several blocks in flight together"),
    FINGERPRINT("opened after a cut with blocks written back that no checkpoint knows"),
    RANGE_CAP("trims refused, and zeroings written out, because there are too many ranges"),
    REFUSING_BLOCK("block that the disk refused more than once"),
    EXACT_EIO("damaged sectors that read as errors, and only these"),
    TORN_BACKING("cut that left garbage in a sector of the backing device"),
    STALLED_CHECKPOINT("cut while a checkpoint stalled and the log was written on"),
    OVERTAKEN_READ("read of the cache device during which its place was written anew"),
    BAD_CLEAN_AGAIN("bad clean block that could be read again after the next opening"),
    DAMAGE_AFTER_SYNC("damage to the newest chunk after it was on record"),
    FULL_LOG_FAILED_FLUSH("failed flush of the cache device while the log was nearly full"),
    LIE_REFUSED("pair refused because a lying flush had lost data"),
    LIE_LOST("data lost by a lying flush that nothing could tell");

    final String label;

    Situation(String label) {
        this.label = label;
    }
}
