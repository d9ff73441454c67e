package writeboost.engine.figures;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * Processes at one work, of which the last one that leaves is to know that. A file, locked while it is changed, holds their numbers; who
 * has died without leaving does not count.
 */
final class Crew {
    private final Path file;
    private final LongPredicate lives;

    Crew(Path file) {
        this(file, pid -> ProcessHandle.of(pid).isPresent());
    }

    Crew(Path file, LongPredicate lives) {
        this.file = file;
        this.lives = lives;
    }

    /** One more. */
    void join(long pid) throws IOException {
        change(members -> members.add(pid));
    }

    /** One less; whether it was the last. */
    boolean leave(long pid) throws IOException {
        return change(members -> members.remove(pid)).isEmpty();
    }

    private Set<Long> change(Change change) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
                FileLock lock = channel.lock()) {
            ByteBuffer content = ByteBuffer.allocate((int) channel.size());
            channel.read(content, 0);
            Set<Long> members = new String(content.array(), UTF_8)
                    .lines()
                    .map(Long::valueOf)
                    .filter(pid -> lives.test(pid))
                    .collect(Collectors.toSet());
            change.to(members);
            channel.truncate(0);
            channel.write(UTF_8.encode(members.stream().map(pid -> pid + "\n").collect(Collectors.joining())), 0);
            return members;
        }
    }

    private interface Change {
        void to(Set<Long> members);
    }
}
