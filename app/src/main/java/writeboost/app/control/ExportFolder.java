package writeboost.app.control;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.RescueReport;
import writeboost.engine.inspect.WaitingData;

/**
 * Data that waited on a cache, as files: {@code disk.img}, a sparse image as large as the disk with the data at its place,
 * and {@code ranges.tsv}, which says what of the image counts. Lines of that: what it is (data, zeros, lost, gone), offset
 * and length in bytes.
 */
final class ExportFolder implements WaitingData, Closeable {
    static final String IMAGE = "disk.img";
    static final String RANGES = "ranges.tsv";

    private final FileChannel image;
    private final BufferedWriter ranges;

    private ExportFolder(FileChannel image, BufferedWriter ranges) {
        this.image = image;
        this.ranges = ranges;
    }

    /**
     * Begins an export.
     *
     * @param folder is made; if it exists it must be empty
     */
    static ExportFolder make(Path folder, long diskBytes) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw new EngineException(
                        ErrorCode.USAGE, folder + " is not empty; name a new folder. Nothing was changed.");
            }
        }
        FileChannel image = FileChannel.open(
                folder.resolve(IMAGE),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE);
        try {
            BufferedWriter ranges = Files.newBufferedWriter(folder.resolve(RANGES), StandardCharsets.UTF_8);
            ranges.write("what\toffset\tlength\n");
            image.write(ByteBuffer.allocate(1), diskBytes - 1); // sets the length; a zero is what is there anyway
            return new ExportFolder(image, ranges);
        } catch (IOException e) {
            Failures.closeQuietly(image);
            throw e;
        }
    }

    @Override
    public void data(long offsetBytes, ByteBuffer data) throws IOException {
        line("data", offsetBytes, data.remaining());
        long at = offsetBytes;
        while (data.hasRemaining()) {
            at += image.write(data, at);
        }
    }

    @Override
    public void zeros(long offsetBytes, long lengthBytes) throws IOException {
        line("zeros", offsetBytes, lengthBytes); // the image has zeros wherever nothing was written
    }

    /** Writes down what is not in the image, and makes all of it durable. */
    void finish(RescueReport report) throws IOException {
        for (RescueReport.Range range : report.lost()) {
            line("lost", range.offsetBytes(), range.lengthBytes());
        }
        for (long chunk : report.goneChunks()) {
            line("gone chunk " + chunk, 0, 0);
        }
        ranges.flush();
        image.force(true);
        if (!report.refused().isEmpty()) {
            throw new IOException("the folder does not take all of the data; is there room on its file system?");
        }
    }

    private void line(String what, long offset, long length) throws IOException {
        ranges.write(what + "\t" + offset + "\t" + length + "\n");
    }

    @Override
    public void close() throws IOException {
        try (image) {
            ranges.close();
        }
    }
}
