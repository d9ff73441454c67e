package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Replies byte by byte, as the protocol document draws them. */
class ReplyEncoderTest {
    private static final long COOKIE = 0x1122334455667788L;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private final ByteBuffer out = ByteBuffer.allocate(ReplyEncoder.BYTES_MAX);
    private Pipe pipe;
    private NbdRequest request;

    @BeforeEach
    void makeRequest() throws Exception {
        pipe = Pipe.open();
        RequestSlots slots = new RequestSlots(tasks, new BufferPool(tasks), new ByteBudget(tasks, 1));
        ServerCounters counters = new ServerCounters();
        ReplyEncoder encoder = new ReplyEncoder(false);
        ReceivingTurn turn = new ReceivingTurn(tasks, "wb-test-second");
        Outbox outbox = new Outbox(
                tasks, "wb-test", turn, pipe.sink(), slots, counters, encoder, ByteBuffer.allocate(1024), () -> {});
        request = new NbdRequest(outbox, ByteBuffer.allocateDirect(4096));
    }

    @AfterEach
    void closePipe() throws Exception {
        pipe.sink().close();
        pipe.source().close();
    }

    @Test
    void aSimpleReplyIsSixteenBytes() throws Exception {
        begin(Wire.CMD_WRITE, 0, 10);
        assertThat(new ReplyEncoder(true).encode(request, out)).isNull();
        assertPut(Packet.of().u32(0x67446698).u32(0).u64(COOKIE));
    }

    @Test
    void aSimpleErrorCarriesTheNumber() throws Exception {
        begin(Wire.CMD_READ, 0, 10);
        request.error = DiskError.ENOSPC;
        assertThat(new ReplyEncoder(false).encode(request, out)).isNull();
        assertPut(Packet.of().u32(0x67446698).u32(28).u64(COOKIE));
    }

    @Test
    void aSimpleReadIsFollowedByItsData() throws Exception {
        begin(Wire.CMD_READ, 0, 10);
        ByteBuffer data = request.usePage(10);
        assertThat(new ReplyEncoder(false).encode(request, out)).isSameAs(data);
        assertPut(Packet.of().u32(0x67446698).u32(0).u64(COOKIE));
    }

    @Test
    void aStructuredReadIsOneChunkWithItsOffset() throws Exception {
        begin(Wire.CMD_READ, 0x123456789AL, 10);
        ByteBuffer data = request.usePage(10);
        assertThat(new ReplyEncoder(true).encode(request, out)).isSameAs(data);
        assertPut(Packet.of()
                .u32(0x668E33EF)
                .u16(1)
                .u16(1)
                .u64(COOKIE)
                .u32(8 + 10)
                .u64(0x123456789AL));
    }

    @Test
    void aStructuredReadOfNothingIsAnEmptyChunk() throws Exception {
        begin(Wire.CMD_READ, 5, 0);
        assertThat(new ReplyEncoder(true).encode(request, out)).isNull();
        assertPut(Packet.of().u32(0x668E33EF).u16(1).u16(0).u64(COOKIE).u32(0));
    }

    @Test
    void aStructuredErrorHasNumberAndText() throws Exception {
        for (int command : new int[] {Wire.CMD_READ, Wire.CMD_BLOCK_STATUS}) {
            begin(command, 0, 10);
            request.error = DiskError.EINVAL;
            request.text = "why";
            assertThat(new ReplyEncoder(true).encode(request, out)).isNull();
            assertPut(Packet.of()
                    .u32(0x668E33EF)
                    .u16(1)
                    .u16(0x8001)
                    .u64(COOKIE)
                    .u32(6 + 3)
                    .u32(22)
                    .u16(3)
                    .raw("why".getBytes(StandardCharsets.US_ASCII)));
            out.clear();
        }
    }

    @Test
    void everyRefusalAndEveryErrorFitsTheSpaceThatIsKeptForIt() throws Exception {
        for (Verdict verdict : EnumSet.complementOf(EnumSet.of(Verdict.FINE))) {
            begin(Wire.CMD_READ, 0, 1);
            request.error = verdict.error();
            request.text = verdict.text();
            new ReplyEncoder(true).encode(request, out.clear());
            assertThat(verdict.text()).isNotEmpty();
        }
        for (DiskError error : EnumSet.complementOf(EnumSet.of(DiskError.OK))) {
            begin(Wire.CMD_READ, 0, 1);
            request.error = error;
            new ReplyEncoder(true).encode(request, out.clear());
        }
    }

    private void begin(int command, long offset, long length) throws NbdException {
        RequestHeader header = new RequestHeader();
        header.peek(Packet.request(command, 0, COOKIE, offset, length).toBuffer());
        request.begin(header);
    }

    private void assertPut(Packet expected) {
        assertThat(out.flip()).isEqualTo(expected.toBuffer());
    }
}
