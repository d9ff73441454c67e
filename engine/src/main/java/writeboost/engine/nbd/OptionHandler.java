package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers the options of one handshake, and remembers what they negotiated. */
final class OptionHandler {
    private static final int EXPORT_INFO_BYTES = 10;
    private static final int EXPORT_PADDING_BYTES = 124;

    private final Supplier<Exports> exports;
    private final Predicate<Export> admission;
    private final EnumSet<MetaContext> contexts = EnumSet.noneOf(MetaContext.class);
    /** The name for which {@link #contexts} were chosen: they count for no other. */
    private String contextsName = "";

    private boolean structured;
    private @Nullable Session session;

    OptionHandler(Supplier<Exports> exports, Predicate<Export> admission) {
        this.exports = exports;
        this.admission = admission;
    }

    /** What was agreed on, once it was. */
    @Nullable Session session() {
        return session;
    }

    /** Answers any option but ABORT and EXPORT_NAME. */
    void handle(int option, OptionData data, OptionReplies out) {
        try {
            switch (option) {
                case Wire.OPT_LIST -> list(data, out);
                case Wire.OPT_INFO, Wire.OPT_GO -> infoOrGo(option, data, out);
                case Wire.OPT_STRUCTURED_REPLY -> structuredReply(data, out);
                case Wire.OPT_LIST_META_CONTEXT, Wire.OPT_SET_META_CONTEXT -> metaContext(option, data, out);
                default -> throw unsupported(option);
            }
        } catch (OptionException e) {
            out.error(option, e.replyType(), e.text());
        }
    }

    /** Answers an option whose data is too long to look at. */
    void tooLong(int option, OptionReplies out) {
        boolean known = option == Wire.OPT_LIST || (option >= Wire.OPT_INFO && option <= Wire.OPT_SET_META_CONTEXT);
        if (option == Wire.OPT_SET_META_CONTEXT) {
            contexts.clear();
        }
        if (known) {
            String text = "the option is longer than " + Limits.OPTION_BYTES_MAX + " bytes";
            out.error(option, Wire.REP_ERR_TOO_BIG, text);
        } else {
            OptionException unsupported = unsupported(option);
            out.error(option, unsupported.replyType(), unsupported.text());
        }
    }

    /** Answers EXPORT_NAME, which begins the transmission or, by an exception, ends the connection. */
    void exportName(OptionData data, boolean noZeroes, OptionReplies out) throws OptionException {
        String name = data.takeRest();
        Export export = find(name);
        begin(name, export);
        out.raw(exportInfo(export));
        if (!noZeroes) {
            out.raw(ByteBuffer.allocate(EXPORT_PADDING_BYTES));
        }
    }

    private void list(OptionData data, OptionReplies out) throws OptionException {
        data.end();
        for (Export export : exports.get().all()) {
            byte[] name = export.name().getBytes(StandardCharsets.UTF_8);
            out.reply(
                    Wire.OPT_LIST,
                    Wire.REP_SERVER,
                    ByteBuffer.allocate(4 + name.length)
                            .putInt(name.length)
                            .put(name)
                            .flip());
        }
        out.reply(Wire.OPT_LIST, Wire.REP_ACK);
    }

    private void infoOrGo(int option, OptionData data, OptionReplies out) throws OptionException {
        String name = data.takeString();
        int count = data.takeShort();
        Set<Integer> wanted = new HashSet<>();
        for (int i = 0; i < count; i++) {
            wanted.add(data.takeShort());
        }
        data.end();
        Export export = find(name);
        if (option == Wire.OPT_GO) {
            begin(name, export);
        }
        out.info(option, Wire.INFO_EXPORT, exportInfo(export));
        if (wanted.contains(Wire.INFO_NAME)) {
            out.info(option, Wire.INFO_NAME, utf8(export.name()));
        }
        if (wanted.contains(Wire.INFO_DESCRIPTION)) {
            out.info(option, Wire.INFO_DESCRIPTION, utf8(shortened(export.disk().description())));
        }
        out.info(option, Wire.INFO_BLOCK_SIZE, blockSizes());
        out.reply(option, Wire.REP_ACK);
    }

    private void structuredReply(OptionData data, OptionReplies out) throws OptionException {
        data.end();
        if (structured) {
            throw new OptionException(Wire.REP_ERR_INVALID, "structured replies were negotiated before");
        }
        structured = true;
        out.reply(Wire.OPT_STRUCTURED_REPLY, Wire.REP_ACK);
    }

    private void metaContext(int option, OptionData data, OptionReplies out) throws OptionException {
        boolean listing = option == Wire.OPT_LIST_META_CONTEXT;
        if (!listing) {
            contexts.clear(); // Even a SET that fails undoes the one before.
        }
        if (!structured) {
            throw new OptionException(Wire.REP_ERR_INVALID, "metadata contexts need structured replies");
        }
        String name = data.takeString();
        EnumSet<MetaContext> found = queries(data, listing);
        find(name);
        if (!listing) {
            contexts.addAll(found);
            contextsName = name;
        }
        for (MetaContext context : found) {
            byte[] full = context.nameBytes();
            ByteBuffer reply = ByteBuffer.allocate(4 + full.length);
            reply.putInt(listing ? 0 : context.id()).put(full);
            out.reply(option, Wire.REP_META_CONTEXT, reply.flip());
        }
        out.reply(option, Wire.REP_ACK);
    }

    private static EnumSet<MetaContext> queries(OptionData data, boolean listing) throws OptionException {
        long count = data.takeInt();
        if (count > Limits.QUERIES_MAX) {
            throw new OptionException(Wire.REP_ERR_TOO_BIG, "more than " + Limits.QUERIES_MAX + " queries");
        }
        boolean all = listing && count == 0;
        EnumSet<MetaContext> found = all ? EnumSet.allOf(MetaContext.class) : EnumSet.noneOf(MetaContext.class);
        for (long i = 0; i < count; i++) {
            if (!MetaContext.match(data.takeString(), listing, found)) {
                throw new OptionException(Wire.REP_ERR_INVALID, "a query is not of the form namespace:leaf");
            }
        }
        data.end();
        return found;
    }

    private void begin(String name, Export export) throws OptionException {
        if (!admission.test(export)) {
            throw new OptionException(
                    Wire.REP_ERR_POLICY,
                    "the server has " + Limits.CLIENTS_MAX + " clients, or is about to stop: try again later");
        }
        Set<MetaContext> chosen = name.equals(contextsName) ? contexts : Set.of();
        session = new Session(export, export.disk().readOnly(), structured, chosen);
    }

    private Export find(String name) throws OptionException {
        Export export = exports.get().find(name);
        if (export == null) {
            throw new OptionException(Wire.REP_ERR_UNKNOWN, "there is no export of this name");
        }
        return export;
    }

    /** Size and transmission flags: those of the session once it is there, so that both never differ. */
    private ByteBuffer exportInfo(Export export) {
        boolean readOnly = session == null ? export.disk().readOnly() : session.readOnly();
        return ByteBuffer.allocate(EXPORT_INFO_BYTES)
                .putLong(export.disk().sizeBytes())
                .putShort((short) Session.transmissionFlags(readOnly, structured))
                .flip();
    }

    private static ByteBuffer blockSizes() {
        return ByteBuffer.allocate(12)
                .putInt(Limits.BLOCK_BYTES_MIN)
                .putInt(Limits.BLOCK_BYTES_PREFERRED)
                .putInt(Limits.PAYLOAD_BYTES_MAX)
                .flip();
    }

    /** Keeps a description within the protocol's bound for strings, whatever its characters weigh. */
    private static String shortened(String description) {
        int most = Limits.STRING_BYTES_MAX / 4;
        return description.length() <= most ? description : description.substring(0, most);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static OptionException unsupported(int option) {
        return new OptionException(
                Wire.REP_ERR_UNSUP, "option " + Integer.toUnsignedString(option) + " is not supported");
    }
}
