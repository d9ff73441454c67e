package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a busy connection costs the heap: nothing. */
class SteadyStateTest extends NbdServerFixture {
    private static final int BATCH = 32;
    private static final int ROUNDS = 500;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aRequestThatEndsAtOnceAllocatesNothing() throws Exception {
        server.addExport("vol", new MemoryDisk(4 * MIB));
        NbdClient client = open("vol");
        Packet packet = Packet.of();
        for (int i = 0; i < BATCH / 2; i++) {
            packet.raw(Packet.request(Wire.CMD_WRITE, 0, i, i * 4096L, 4096)).raw(new byte[4096]);
            packet.raw(Packet.request(Wire.CMD_READ, 0, i, i * 4096L, 4096));
        }
        byte[] requests = packet.toBytes();
        for (int length : new int[] {BATCH * 16 + BATCH / 2 * 4096}) {
            rounds(client, requests, length);
            long before = allocatedByReceiver();
            rounds(client, requests, length);
            long perRequest = (allocatedByReceiver() - before) / (BATCH * ROUNDS);
            assertThat(perRequest).isZero();
        }
    }

    private static void rounds(NbdClient client, byte[] requests, int replyBytes) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            client.send(Packet.of().raw(requests));
            client.receive(replyBytes);
        }
    }

    private long allocatedByReceiver() {
        long id = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals("wb-nbd-1"))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        return threads.getThreadAllocatedBytes(id);
    }
}
