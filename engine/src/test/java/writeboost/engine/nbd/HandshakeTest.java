package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.nbd.Handshake.Step;

/** The handshake as a machine fed with bytes; {@link NbdServerTest} has it on a socket. */
class HandshakeTest {
    private static final int SIZE = 1 << 20;

    private final MemoryDisk disk = new MemoryDisk(SIZE);
    private Exports exports = Exports.NONE;
    private boolean room = true;
    private Handshake handshake = new Handshake(() -> exports, export -> room);
    private final OptionReplies out = new OptionReplies();

    @BeforeEach
    void oneExportAndFlagsSent() throws Exception {
        exports = Exports.NONE.with("vol", disk);
        assertThat(feed(Packet.of().u32(Wire.FIXED_NEWSTYLE | Wire.NO_ZEROES))).isEqualTo(Step.MORE);
    }

    @Test
    void theGreetingIsFixedNewstyleWithNoZeroes() {
        assertThat(Handshake.greeting())
                .isEqualTo(Packet.of()
                        .u64(0x4E42444D41474943L)
                        .u64(0x49484156454F5054L)
                        .u16(3)
                        .toBuffer());
    }

    @Test
    void anUnknownClientFlagEndsTheConnection() {
        handshake = fresh();
        assertThat(feed(Packet.of().u32(0x80000003))).isEqualTo(Step.REFUSED);
        assertThat(handshake.reason()).contains("80000003");
    }

    @Test
    void aClientWithoutFlagsIsServedByExportName() {
        handshake = fresh();
        feed(Packet.of().u32(0));
        assertThat(feed(Packet.option(Wire.OPT_EXPORT_NAME, Packet.of().raw(utf8("vol")))))
                .isEqualTo(Step.TRANSMIT);
        ByteBuffer answer = out.take();
        assertThat(answer.remaining()).isEqualTo(134);
        assertThat(answer.getLong()).isEqualTo(SIZE);
        answer.getShort();
        while (answer.hasRemaining()) {
            assertThat(answer.get()).isZero();
        }
    }

    @Test
    void exportNameAnswersTenBytesWhenNoZeroesWasAgreedOn() {
        assertThat(feed(Packet.option(Wire.OPT_EXPORT_NAME, Packet.of().raw(utf8("vol")))))
                .isEqualTo(Step.TRANSMIT);
        ByteBuffer answer = out.take();
        assertThat(answer.remaining()).isEqualTo(10);
        assertThat(session().export().disk()).isSameAs(disk);
    }

    @Test
    void exportNameOfAnUnknownExportEndsTheConnectionWithoutAnAnswer() {
        assertThat(feed(Packet.option(Wire.OPT_EXPORT_NAME, Packet.of().raw(utf8("other")))))
                .isEqualTo(Step.REFUSED);
        assertThat(out.take().remaining()).isZero();
    }

    @Test
    void abortIsAcknowledged() {
        assertThat(feed(Packet.option(Wire.OPT_ABORT, Packet.of().raw(utf8("bye")))))
                .isEqualTo(Step.ABORTED);
        assertThat(replies()).singleElement().matches(reply -> reply.type() == Wire.REP_ACK);
    }

    @Test
    void listNamesEveryExportInOrder() throws Exception {
        exports = exports.with("änother", disk);
        List<OptionReply> replies = ask(Packet.option(Wire.OPT_LIST));
        assertThat(replies)
                .extracting(OptionReply::type)
                .containsExactly(Wire.REP_SERVER, Wire.REP_SERVER, Wire.REP_ACK);
        assertThat(replies.get(0).textFrom(4)).isEqualTo("vol");
        assertThat(replies.get(1).buffer().getInt()).isEqualTo(8);
        assertThat(replies.get(1).textFrom(4)).isEqualTo("änother");
    }

    @Test
    void listWithDataIsInvalid() {
        assertError(Packet.option(Wire.OPT_LIST, Packet.of().u16(0)), Wire.REP_ERR_INVALID);
    }

    @Test
    void anUnknownOptionIsUnsupportedAndTheNextOneIsFound() {
        Packet both = Packet.option(12345, Packet.of().raw(new byte[77])).raw(Packet.option(Wire.OPT_LIST));
        List<OptionReply> replies = ask(both);
        assertThat(replies)
                .extracting(OptionReply::type)
                .containsExactly(Wire.REP_ERR_UNSUP, Wire.REP_SERVER, Wire.REP_ACK);
        assertThat(replies.get(0).option()).isEqualTo(12345);
    }

    @Test
    void tlsAndExtendedHeadersAreUnsupported() {
        assertError(Packet.option(Wire.OPT_STARTTLS), Wire.REP_ERR_UNSUP);
        assertError(Packet.option(11), Wire.REP_ERR_UNSUP);
    }

    @Test
    void infoTellsSizeFlagsAndBlockSizesAndLeavesTheHandshakeOpen() {
        List<OptionReply> replies = ask(Packet.option(Wire.OPT_INFO, Packet.export("vol")));
        assertThat(replies).extracting(OptionReply::type).containsExactly(Wire.REP_INFO, Wire.REP_INFO, Wire.REP_ACK);
        int flags = Session.transmissionFlags(false, false);
        assertThat(replies.get(0).buffer())
                .isEqualTo(Packet.of().u16(0).u64(SIZE).u16(flags).toBuffer());
        assertThat(replies.get(1).buffer())
                .isEqualTo(Packet.of().u16(3).u32(1).u32(4096).u32(33554432).toBuffer());
    }

    @Test
    void nameAndDescriptionAreToldWhenAskedForAndUnknownInformationIsPassedOver() {
        List<OptionReply> replies =
                ask(Packet.option(Wire.OPT_INFO, Packet.export("", Wire.INFO_NAME, 0x7FFF, Wire.INFO_DESCRIPTION)));
        assertThat(replies).hasSize(5);
        assertThat(replies.get(1).textFrom(2)).isEqualTo("vol");
        assertThat(replies.get(2).textFrom(2)).isEqualTo("a disk in memory");
    }

    @Test
    void anEndlessDescriptionIsCutToTheProtocolsBound() {
        disk.description = "ä".repeat(100_000);
        List<OptionReply> replies = ask(Packet.option(Wire.OPT_INFO, Packet.export("vol", Wire.INFO_DESCRIPTION)));
        assertThat(replies.get(1).data().length).isLessThanOrEqualTo(2 + Limits.STRING_BYTES_MAX);
    }

    @Test
    void goAnswersLikeInfoAndBeginsTheTransmission() {
        List<OptionReply> info = ask(Packet.option(Wire.OPT_INFO, Packet.export("vol")));
        assertThat(feed(Packet.option(Wire.OPT_GO, Packet.export("vol")))).isEqualTo(Step.TRANSMIT);
        List<OptionReply> go = replies();
        assertThat(go).hasSameSizeAs(info);
        for (int i = 0; i < go.size(); i++) {
            assertThat(go.get(i).data()).isEqualTo(info.get(i).data());
        }
        assertThat(session().structured()).isFalse();
    }

    @Test
    void whatFollowsGoIsLeftForTheTransmission() {
        ByteBuffer in = Packet.option(Wire.OPT_GO, Packet.export("vol"))
                .raw((byte) 1, (byte) 2)
                .toBuffer();
        assertThat(handshake.advance(in, out)).isEqualTo(Step.TRANSMIT);
        assertThat(in.remaining()).isEqualTo(2);
    }

    @Test
    void anUnknownNameIsUnknownAndTheRightOneStillWorks() {
        assertError(Packet.option(Wire.OPT_GO, Packet.export("../../etc/passwd")), Wire.REP_ERR_UNKNOWN);
        assertError(Packet.option(Wire.OPT_INFO, Packet.export("VOL")), Wire.REP_ERR_UNKNOWN);
        assertThat(feed(Packet.option(Wire.OPT_GO, Packet.export("vol")))).isEqualTo(Step.TRANSMIT);
    }

    @Test
    void theEmptyNameMeansTheOnlyExport() {
        assertThat(feed(Packet.option(Wire.OPT_GO, Packet.export("")))).isEqualTo(Step.TRANSMIT);
        assertThat(session().export().name()).isEqualTo("vol");
    }

    @Test
    void theEmptyNameIsUnknownAmongSeveral() throws Exception {
        exports = exports.with("vol2", disk);
        assertError(Packet.option(Wire.OPT_GO, Packet.export("")), Wire.REP_ERR_UNKNOWN);
    }

    @Test
    void aFullServerRefusesGoWithAReasonAndStillAnswersInfo() {
        room = false;
        OptionReply refusal = assertError(Packet.option(Wire.OPT_GO, Packet.export("vol")), Wire.REP_ERR_POLICY);
        assertThat(refusal.text()).contains("128 clients");
        assertThat(ask(Packet.option(Wire.OPT_INFO, Packet.export("vol")))).hasSize(3);
    }

    @Test
    void malformedLengthsInInfoAreInvalid() {
        assertInvalid(Wire.OPT_INFO, Packet.of());
        assertInvalid(Wire.OPT_INFO, Packet.of().u32(60000).raw(utf8("abc")).u16(0));
        assertInvalid(
                Wire.OPT_INFO, Packet.of().u32(0xFFFFFFFFL).raw(utf8("abc")).u16(0));
        assertInvalid(Wire.OPT_INFO, Packet.of().text("vol"));
        assertInvalid(Wire.OPT_INFO, Packet.of().text("vol").u16(5).u16(1));
        assertInvalid(Wire.OPT_GO, Packet.export("vol").u16(1));
    }

    @Test
    void badNamesAreInvalid() {
        assertInvalid(Wire.OPT_GO, Packet.export("a\0b"));
        assertInvalid(
                Wire.OPT_GO, Packet.of().u32(2).raw((byte) 0xFF, (byte) 0xFE).u16(0));
        assertInvalid(Wire.OPT_GO, Packet.export("n".repeat(4097)));
        assertError(Packet.option(Wire.OPT_GO, Packet.export("n".repeat(4096))), Wire.REP_ERR_UNKNOWN);
    }

    @Test
    void aReadOnlyDiskIsSaidToBeSo() {
        disk.readOnly = true;
        List<OptionReply> replies = ask(Packet.option(Wire.OPT_INFO, Packet.export("vol")));
        assertThat(replies.get(0).buffer().getShort(10) & Wire.FLAG_READ_ONLY).isNotZero();
        feed(Packet.option(Wire.OPT_GO, Packet.export("vol")));
        assertThat(session().readOnly()).isTrue();
    }

    @Test
    void dfIsOfferedOnlyAfterStructuredReplies() {
        assertThat(Session.transmissionFlags(false, false) & Wire.FLAG_SEND_DF).isZero();
        structured();
        List<OptionReply> replies = ask(Packet.option(Wire.OPT_INFO, Packet.export("vol")));
        assertThat(replies.get(0).buffer().getShort(10) & Wire.FLAG_SEND_DF).isNotZero();
    }

    @Test
    void structuredRepliesAreNegotiatedOnceAndWithoutData() {
        assertInvalid(Wire.OPT_STRUCTURED_REPLY, Packet.of().u16(1));
        structured();
        assertInvalid(Wire.OPT_STRUCTURED_REPLY, Packet.of());
        feed(Packet.option(Wire.OPT_GO, Packet.export("vol")));
        assertThat(session().structured()).isTrue();
    }

    @Test
    void contextsNeedStructuredReplies() {
        assertInvalid(Wire.OPT_SET_META_CONTEXT, Packet.queries("vol", "base:allocation"));
        assertInvalid(Wire.OPT_LIST_META_CONTEXT, Packet.queries("vol"));
    }

    @Test
    void listingContextsShowsAllOrThoseOfANamespaceOrTheOneNamed() {
        structured();
        assertThat(list()).containsExactly("base:allocation", "x-writeboost:state");
        assertThat(list("base:")).containsExactly("base:allocation");
        assertThat(list("x-writeboost:")).containsExactly("x-writeboost:state");
        assertThat(list("x-writeboost:state")).containsExactly("x-writeboost:state");
        assertThat(list("qemu:dirty-bitmap:x", "base:nosuchleaf")).isEmpty();
    }

    @Test
    void settingContextsSelectsOnlyWhatIsNamedInFull() {
        structured();
        assertThat(set("vol")).isEmpty();
        assertThat(set("vol", "base:")).isEmpty();
        assertThat(set("vol", "x-nosuch:foo", "base:allocation", "base:allocation"))
                .containsExactly("base:allocation");
        assertThat(set("vol", "x-writeboost:state")).containsExactly("x-writeboost:state");
        feed(Packet.option(Wire.OPT_GO, Packet.export("vol")));
        assertThat(session().contexts()).containsExactly(MetaContext.STATE);
    }

    @Test
    void aFailedSetUndoesTheOneBefore() {
        structured();
        set("vol", "base:allocation");
        assertError(
                Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.queries("nosuch", "base:allocation")),
                Wire.REP_ERR_UNKNOWN);
        feed(Packet.option(Wire.OPT_GO, Packet.export("vol")));
        assertThat(session().contexts()).isEmpty();
    }

    @Test
    void contextsCountForTheNameTheyWereSetFor() throws Exception {
        exports = exports.with("vol2", disk);
        structured();
        set("vol2", "base:allocation");
        feed(Packet.option(Wire.OPT_GO, Packet.export("vol")));
        assertThat(session().contexts()).isEmpty();
    }

    @Test
    void malformedQueriesAreInvalidAndTooManyTooBig() {
        structured();
        assertInvalid(Wire.OPT_SET_META_CONTEXT, Packet.queries("vol", "nocolon"));
        assertInvalid(Wire.OPT_SET_META_CONTEXT, Packet.queries("vol", ":leaf"));
        assertInvalid(Wire.OPT_SET_META_CONTEXT, Packet.of().text("vol").u32(3).text("base:allocation"));
        assertInvalid(
                Wire.OPT_SET_META_CONTEXT,
                Packet.queries("vol", "base:allocation").u16(0));
        assertError(
                Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.of().text("vol").u32(0xFFFFFFFFL)),
                Wire.REP_ERR_TOO_BIG);
    }

    @Test
    void anOptionTooLongToLookAtIsPassedOverAndTheNextOneIsFound() {
        byte[] much = new byte[Limits.OPTION_BYTES_MAX + 1];
        assertThat(ask(Packet.option(Wire.OPT_INFO, Packet.of().raw(much))))
                .singleElement()
                .matches(reply -> reply.type() == Wire.REP_ERR_TOO_BIG);
        assertThat(ask(Packet.option(4711, Packet.of().raw(much))))
                .singleElement()
                .matches(reply -> reply.type() == Wire.REP_ERR_UNSUP);
        assertThat(ask(Packet.option(Wire.OPT_LIST))).hasSize(2);
    }

    @Test
    void aTooLongSetUndoesTheOneBefore() {
        structured();
        set("vol", "base:allocation");
        byte[] much = new byte[Limits.OPTION_BYTES_MAX + 1];
        ask(Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.of().raw(much)));
        feed(Packet.option(Wire.OPT_GO, Packet.export("vol")));
        assertThat(session().contexts()).isEmpty();
    }

    @Test
    void anOptionOfAbsurdLengthEndsTheConnection() {
        assertThat(feed(Packet.of().u64(Wire.OPTION_MAGIC).u32(4711).u32(0xFFFFFFFFL)))
                .isEqualTo(Step.REFUSED);
    }

    @Test
    void aLongExportNameEndsTheConnection() {
        assertThat(feed(Packet.of()
                        .u64(Wire.OPTION_MAGIC)
                        .u32(Wire.OPT_EXPORT_NAME)
                        .u32(100_000)))
                .isEqualTo(Step.REFUSED);
    }

    @Test
    void aBadOptionMagicEndsTheConnection() {
        assertThat(feed(Packet.of().u64(0x1122334455667788L).u32(3).u32(0))).isEqualTo(Step.REFUSED);
    }

    @Test
    void theSixtyFifthOptionEndsTheConnection() {
        for (int i = 0; i < Limits.OPTIONS_MAX; i++) {
            assertThat(feed(Packet.option(Wire.OPT_LIST))).isEqualTo(Step.MORE);
        }
        assertThat(feed(Packet.option(Wire.OPT_LIST))).isEqualTo(Step.REFUSED);
    }

    @Test
    void bytesThatComeOneByOneMeanTheSame() {
        byte[] all = Packet.of()
                .u32(3)
                .raw(Packet.option(99, Packet.of().raw(new byte[5])))
                .raw(Packet.option(Wire.OPT_STRUCTURED_REPLY))
                .raw(Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.queries("vol", "x-writeboost:state")))
                .raw(Packet.option(Wire.OPT_GO, Packet.export("vol", Wire.INFO_NAME)))
                .toBytes();
        handshake = fresh();
        assertThat(handshake.advance(ByteBuffer.wrap(all), out)).isEqualTo(Step.TRANSMIT);
        ByteBuffer atOnce = out.take();

        handshake = fresh();
        ByteBuffer in = ByteBuffer.wrap(all).limit(0);
        for (int i = 1; i <= all.length; i++) {
            in.limit(i);
            assertThat(handshake.advance(in, out)).isEqualTo(i < all.length ? Step.MORE : Step.TRANSMIT);
        }
        assertThat(out.take()).isEqualTo(atOnce);
        assertThat(session().contexts()).containsExactly(MetaContext.STATE);
    }

    @Test
    void mutilatedHandshakesNeverBreakTheMachine() {
        byte[] good = Packet.of()
                .u32(3)
                .raw(Packet.option(Wire.OPT_STRUCTURED_REPLY))
                .raw(Packet.option(Wire.OPT_LIST_META_CONTEXT, Packet.queries("vol", "base:", "x-writeboost:state")))
                .raw(Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.queries("vol", "base:allocation")))
                .raw(Packet.option(Wire.OPT_INFO, Packet.export("vol", 1, 2, 3)))
                .raw(Packet.option(Wire.OPT_GO, Packet.export("vol")))
                .toBytes();
        int transmitted = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] bad = Arrays.copyOf(good, good.length);
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            handshake = fresh();
            ByteBuffer in = ByteBuffer.wrap(bad);
            Step step = handshake.advance(in, out);
            out.take();
            transmitted += step == Step.TRANSMIT ? 1 : 0;
            assertThat(handshake.session() != null).as("seed %d", seed).isEqualTo(step == Step.TRANSMIT);
        }
        assertThat(transmitted).isBetween(1, 2999);
    }

    private Handshake fresh() {
        return new Handshake(() -> exports, export -> room);
    }

    private Step feed(Packet packet) {
        return handshake.advance(packet.toBuffer(), out);
    }

    private List<OptionReply> replies() {
        return OptionReply.parseAll(out.take());
    }

    private List<OptionReply> ask(Packet packet) {
        assertThat(feed(packet)).isEqualTo(Step.MORE);
        return replies();
    }

    private OptionReply assertError(Packet packet, int type) {
        List<OptionReply> replies = ask(packet);
        assertThat(replies).extracting(OptionReply::type).containsExactly(type);
        return replies.get(0);
    }

    private void assertInvalid(int option, Packet data) {
        assertError(Packet.option(option, data), Wire.REP_ERR_INVALID);
    }

    private void structured() {
        assertThat(ask(Packet.option(Wire.OPT_STRUCTURED_REPLY)))
                .extracting(OptionReply::type)
                .containsExactly(Wire.REP_ACK);
    }

    private List<String> list(String... queries) {
        return contexts(ask(Packet.option(Wire.OPT_LIST_META_CONTEXT, Packet.queries("vol", queries))));
    }

    private List<String> set(String name, String... queries) {
        return contexts(ask(Packet.option(Wire.OPT_SET_META_CONTEXT, Packet.queries(name, queries))));
    }

    private static List<String> contexts(List<OptionReply> replies) {
        assertThat(replies.get(replies.size() - 1).type()).isEqualTo(Wire.REP_ACK);
        return replies.subList(0, replies.size() - 1).stream()
                .map(reply -> reply.textFrom(4))
                .toList();
    }

    private Session session() {
        return Objects.requireNonNull(handshake.session());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
