package writeboost.engine.cache;

import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.LogListener;

/** For a log whose news interest nobody. */
final class DeafListener implements LogListener {
    @Override
    public void chunkDurable(ChunkBuffer chunk, int firstPosition) {}

    @Override
    public void chunkEvicted(int firstPosition, int dataBlocks) {}

    @Override
    public void evictedBelow(long oldest) {}

    @Override
    public void commitEnded() {}

    @Override
    public void deviceFailed(String what) {}
}
