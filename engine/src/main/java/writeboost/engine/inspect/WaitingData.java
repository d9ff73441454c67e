package writeboost.engine.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the data that waits on a cache, in the order of the disk. Offsets and lengths are in bytes of the disk and multiples
 * of 512.
 */
public interface WaitingData {
    /** Takes nothing: for seeing what there is. */
    WaitingData NOWHERE = new WaitingData() {
        @Override
        public void data(long offsetBytes, ByteBuffer data) {}

        @Override
        public void zeros(long offsetBytes, long lengthBytes) {}
    };

    /**
     * Data to be written; intact, that is with its checksum.
     *
     * @param data from its position to its limit; valid during the call only
     */
    void data(long offsetBytes, ByteBuffer data) throws IOException;

    /** A range to be zeroed. */
    void zeros(long offsetBytes, long lengthBytes) throws IOException;
}
