package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.disk.DiskError;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Tasks;

/** machine2: no thread is left for a connection. It ends; nothing that it held stays behind, and others go on. */
@Timeout(60)
class NbdServerShortageTest extends NbdServerFixture {
    private final Shortage shortage = new Shortage(tasks);

    @Override
    NbdServer makeServer() {
        return new NbdServer(shortage, (connection, what, cause) -> failures.add(what), 32 << 20);
    }

    @Test
    void machine2AConnectionWithoutAThreadForItsRepliesEndsAndGivesAllBack() throws Exception {
        MemoryDisk.Held held = new MemoryDisk.Held(8 << 20);
        server.addExport("held", held);
        shortage.of = name -> name.endsWith("-writer");
        NbdClient unlucky = open("held");
        unlucky.request(Wire.CMD_READ, 0, 0, 4 << 20);
        await().until(() -> held.count() == 1);
        assertThat(unlucky.closedByServer()).isTrue();
        held.releaseAll();
        awaitClients(0);
        await().until(() -> server.bytesHeld() == 0);
        assertThat(failures).singleElement().asString().contains("no thread is left to send");
        shortage.of = name -> false;
        NbdClient other = open("held");
        long cookie = other.requestWrite(0, 0, new byte[512]);
        await().until(() -> held.count() == 1);
        held.release(0, DiskError.OK);
        assertThat(other.next().cookie).isEqualTo(cookie);
    }

    @Test
    void machine2AConnectionWithoutAThreadIsTurnedAwayAndTheNextOneIsServed() throws Exception {
        server.addExport("vol", new MemoryDisk(4096));
        AtomicInteger left = new AtomicInteger(3);
        shortage.of = name -> name.matches("wb-nbd-\\d+") && left.getAndDecrement() > 0;
        for (int i = 0; i < 3; i++) {
            assertThat(keep(NbdClient.connect(socket)).closedByServer()).isTrue();
        }
        assertThat(open("vol").read(0, 512)).hasSize(512);
        assertThat(failures).hasSize(3).allMatch(what -> what.contains("could not be taken"));
        assertThat(server.connections()).isEqualTo(1);
    }

    /** Has no threads of some names. */
    private static final class Shortage extends ForwardingTasks {
        volatile Predicate<String> of = name -> false;

        Shortage(Tasks tasks) {
            super(tasks);
        }

        @Override
        public Task start(String name, Runnable body) {
            if (of.test(name)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return super.start(name, body);
        }
    }
}
