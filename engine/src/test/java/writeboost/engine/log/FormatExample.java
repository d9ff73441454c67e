package writeboost.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The worked example of docs/format.md, read from the document. */
final class FormatExample {
    private static final Pattern LINE =
            Pattern.compile(" *(\\d+) {2}((?:[0-9a-f]{2}(?:\\*\\d+)?)(?: [0-9a-f]{2}(?:\\*\\d+)?)*)(?: {2,}.*)?");

    private FormatExample() {}

    /**
     * The block that a part of the example describes.
     *
     * @param heading of its section
     * @param nth which of the listings there, from 0
     */
    static ByteBuffer block(String heading, int nth) throws IOException {
        String section = document().split("### " + Pattern.quote(heading), 2)[1].split("\n### ", 2)[0];
        String listing = section.split("```\n", -1)[1 + 2 * nth];
        ByteBuffer block = Blocks.allocate(1);
        for (String line : listing.stripTrailing().split("\n", -1)) {
            Matcher m = LINE.matcher(line);
            if (!m.matches()) {
                throw new IllegalStateException("not a line of a listing: " + line);
            }
            int at = Integer.parseInt(m.group(1));
            for (String piece : m.group(2).split(" ", -1)) {
                at = put(block, at, piece);
            }
        }
        return block;
    }

    private static int put(ByteBuffer block, int at, String piece) {
        byte value = (byte) HexFormat.fromHexDigits(piece.substring(0, 2));
        int times = piece.length() > 2 ? Integer.parseInt(piece.substring(3)) : 1;
        for (int i = 0; i < times; i++) {
            block.put(at + i, value);
        }
        return at + times;
    }

    /** The document. */
    static String document() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path file = Path.of("docs", "format.md");
        Path found = Files.exists(here.resolve(file)) ? here.resolve(file) : here.resolveSibling(file);
        return Files.readString(found);
    }
}
