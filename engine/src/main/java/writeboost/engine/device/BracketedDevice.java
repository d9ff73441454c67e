package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A device that takes note when a call to the one below begins and when it has ended, however it ends. */
abstract class BracketedDevice extends ForwardingDevice {
    BracketedDevice(BlockDevice inner) {
        super(inner);
    }

    /** A call is about to be made. */
    abstract void begin();

    /** A call has ended. */
    abstract void end();

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        begin();
        try {
            inner().read(offsetBytes, into);
        } finally {
            end();
        }
    }

    @Override
    public void readAll(ReadList list) throws IOException {
        begin();
        try {
            inner().readAll(list);
        } finally {
            end();
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        begin();
        try {
            inner().write(offsetBytes, from);
        } finally {
            end();
        }
    }

    @Override
    public void sync() throws IOException {
        begin();
        try {
            inner().sync();
        } finally {
            end();
        }
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        begin();
        try {
            inner().discard(offsetBytes, lengthBytes);
        } finally {
            end();
        }
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        begin();
        try {
            inner().zero(offsetBytes, lengthBytes, mayUnmap);
        } finally {
            end();
        }
    }
}
