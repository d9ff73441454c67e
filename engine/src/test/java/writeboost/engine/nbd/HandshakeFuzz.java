package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.error.EngineException;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;

/**
 * Handshakes, well formed and not: however the bytes arrive, the same is said; every answer is well formed and short; and
 * what was agreed on is what was answered.
 */
final class HandshakeFuzz extends FuzzTarget {
    private static final MemoryDisk DISK = new MemoryDisk(40_960);
    private static final Exports EXPORTS = exports();
    private static final int STREAM_BYTES_MAX = 200_000;
    private static final ByteBuffer RECEIVE_BUFFER = ByteBuffer.allocate(Limits.OPTION_BYTES_MAX + 4096);

    /** What one call may gather: the limit, and the longest answer to a single option on top. */
    private static final int ANSWER_BYTES_MAX = Limits.HANDSHAKE_REPLY_BYTES + 4096;

    private record Outcome(Handshake.Step step, ByteBuffer answers, String reason, String session) {}

    private static Exports exports() {
        try {
            return Exports.NONE.with("vol", DISK).with("ö", DISK);
        } catch (EngineException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> seeds() {
        Packet go = Packet.option(Wire.OPT_GO, Packet.export("vol", 0, 1, 2, 3));
        Packet negotiated = Packet.option(Wire.OPT_STRUCTURED_REPLY)
                .raw(Packet.option(Wire.OPT_LIST_META_CONTEXT, Packet.queries("vol")))
                .raw(Packet.option(
                        Wire.OPT_SET_META_CONTEXT, Packet.queries("vol", "base:allocation", "x-writeboost:")))
                .raw(go);
        Packet named = Packet.option(Wire.OPT_EXPORT_NAME, Packet.of().raw((byte) 'v', (byte) 'o', (byte) 'l'));
        Packet info = Packet.option(Wire.OPT_INFO, Packet.export("nobody"))
                .raw(Packet.option(Wire.OPT_LIST))
                .raw(Packet.option(Wire.OPT_ABORT));
        return Stream.of(
                new byte[] {},
                raw(3, go),
                raw(3, negotiated),
                raw(1, named),
                raw(0, named),
                raw(3, info),
                raw(4, go),
                raw(3, Packet.of().u64(Wire.OPTION_MAGIC).u32(3).u32(70_000).raw(new byte[70_000])),
                raw(3, Packet.of().u64(Wire.OPTION_MAGIC).u32(1).u32(0x7FFFFFFF)),
                framed(3, Wire.OPT_LIST, 0, 0, Wire.OPT_GO, 0, 9, 0, 0, 0, 3, 'v', 'o', 'l', 0, 0),
                framed(3, Wire.OPT_STARTTLS, 1, 2, 1, 1, Wire.OPT_INFO, 3, 4, 255, 255, 255, 255));
    }

    private static byte[] raw(int clientFlags, Packet options) {
        return Packet.of().raw((byte) 0).u32(clientFlags).raw(options).toBytes();
    }

    private static byte[] framed(int clientFlags, int... bytes) {
        Packet packet = Packet.of().raw((byte) 1).raw((byte) clientFlags);
        for (int b : bytes) {
            packet.raw((byte) b);
        }
        return packet.toBytes();
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = RUNS, maxDuration = "")
    void fuzz(byte[] input) throws Exception {
        countAndRun(input);
    }

    @Override
    public void run(byte[] input) throws Exception {
        FuzzInput in = new FuzzInput(input);
        int mode = in.next();
        byte[] stream = (mode & 1) == 0 ? in.rest() : options(in);
        if (stream.length > STREAM_BYTES_MAX) {
            return;
        }
        boolean room = (mode & 2) == 0;
        Outcome whole = feed(stream, stream.length + 1, room);
        Outcome inPieces = feed(stream, 1 + (mode >> 2) * 7, room);
        assertThat(inPieces).isEqualTo(whole);
        checkAnswers(whole);
    }

    /** Options with their magic; now and then with a length that is not theirs. */
    private static byte[] options(FuzzInput in) {
        Packet packet = Packet.of().u32(in.next());
        while (!in.isEmpty()) {
            int option = in.next();
            int lie = in.next();
            byte[] data = in.take(lie >= 128 ? in.nextShort() : in.next());
            packet.u64(Wire.OPTION_MAGIC).u32(option % 13).u32(data.length + (lie % 16 == 1 ? lie : 0));
            packet.raw(data);
        }
        return packet.toBytes();
    }

    private static Outcome feed(byte[] stream, int piece, boolean room) throws Exception {
        Handshake handshake = new Handshake(() -> EXPORTS, export -> room);
        OptionReplies out = new OptionReplies();
        Packet answers = Packet.of();
        Receiver receiver = new Receiver(new MemoryStreams.In(stream, piece), RECEIVE_BUFFER);
        Handshake.Step step = Handshake.Step.MORE;
        boolean more = true;
        while (more && (step == Handshake.Step.MORE || step == Handshake.Step.SEND)) {
            if (step == Handshake.Step.MORE) {
                more = fill(receiver);
            }
            step = handshake.advance(receiver.buffer(), out);
            ByteBuffer answer = out.take();
            assertThat(answer.remaining()).isLessThanOrEqualTo(ANSWER_BYTES_MAX);
            byte[] said = new byte[answer.remaining()];
            answer.get(said);
            answers.raw(said);
        }
        Session session = handshake.session();
        String agreed = session == null
                ? "nothing"
                : session.export().name() + session.readOnly() + session.structured() + session.contexts();
        return new Outcome(
                step == Handshake.Step.SEND ? Handshake.Step.MORE : step,
                answers.toBuffer(),
                handshake.reason(),
                agreed);
    }

    private static boolean fill(Receiver receiver) throws Exception {
        try {
            return receiver.fill(Limits.RECEIVE_BYTES);
        } catch (NbdException e) {
            return false; // It ends in the middle of a message.
        }
    }

    private static void checkAnswers(Outcome outcome) {
        ByteBuffer answers = outcome.answers.duplicate();
        int finals = 0;
        OptionReply last = null;
        while (answers.remaining() >= 20 && answers.getLong(answers.position()) == Wire.OPTION_REPLY_MAGIC) {
            last = OptionReply.parse(answers);
            finals += last.last() ? 1 : 0;
        }
        assertThat(finals).isLessThanOrEqualTo(Limits.OPTIONS_MAX);
        // What is not a reply is what EXPORT_NAME is answered with.
        List<Integer> lengths = List.of(0, 10, 134);
        assertThat(lengths).contains(answers.remaining());
        boolean named = answers.hasRemaining();
        switch (outcome.step) {
            case TRANSMIT -> {
                assertThat(outcome.session).isNotEqualTo("nothing");
                boolean went = last != null && last.option() == Wire.OPT_GO && last.type() == Wire.REP_ACK;
                assertThat(named || went).isTrue();
            }
            case ABORTED -> assertThat(last).matches(reply -> reply.option() == Wire.OPT_ABORT);
            case REFUSED -> assertThat(outcome.reason).isNotEmpty();
            default -> {}
        }
        assertThat(named).isEqualTo(named && outcome.step == Handshake.Step.TRANSMIT);
    }
}
