package writeboost.engine.inspect;

import java.util.List;

/** A segment and the chunks that lie in it, in the order of their places. */
public record SegmentContent(SegmentInfo segment, List<ChunkInfo> chunks) {}
