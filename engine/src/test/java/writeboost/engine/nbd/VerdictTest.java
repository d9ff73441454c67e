package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;

class VerdictTest {
    private static final int SIZE = 1 << 20;

    private final Export export = new Export("vol", new MemoryDisk(SIZE));
    private final Session plain = new Session(export, false, false, Set.of());
    private final Session structured = new Session(export, false, true, Set.of(MetaContext.ALLOCATION));
    private final Session readOnly = new Session(export, true, false, Set.of());

    @Test
    void requestsInsideTheDiskAreFine() {
        assertThat(verdict(plain, Wire.CMD_READ, 0, 0, SIZE)).isEqualTo(Verdict.FINE);
        assertThat(verdict(plain, Wire.CMD_WRITE, 0, SIZE - 1, 1)).isEqualTo(Verdict.FINE);
        assertThat(verdict(plain, Wire.CMD_TRIM, 0, SIZE, 0)).isEqualTo(Verdict.FINE);
        assertThat(verdict(structured, Wire.CMD_BLOCK_STATUS, 0, 5, 7)).isEqualTo(Verdict.FINE);
        assertThat(verdict(plain, Wire.CMD_FLUSH, 0, 0, 0)).isEqualTo(Verdict.FINE);
    }

    @Test
    void pastTheEndIsNoSpaceForWritesAndInvalidForTheOthers() {
        for (int command : new int[] {Wire.CMD_WRITE, Wire.CMD_WRITE_ZEROES}) {
            assertThat(verdict(plain, command, 0, SIZE - 1, 2).error()).isEqualTo(DiskError.ENOSPC);
            assertThat(verdict(plain, command, 0, -1, 1).error()).isEqualTo(DiskError.ENOSPC);
        }
        for (int command : new int[] {Wire.CMD_READ, Wire.CMD_TRIM, Wire.CMD_CACHE, Wire.CMD_BLOCK_STATUS}) {
            assertThat(verdict(structured, command, 0, SIZE, 1).error()).isEqualTo(DiskError.EINVAL);
            assertThat(verdict(structured, command, 0, Long.MIN_VALUE, 512).error())
                    .isEqualTo(DiskError.EINVAL);
            assertThat(verdict(structured, command, 0, -512, 512).error()).isEqualTo(DiskError.EINVAL);
            assertThat(verdict(structured, command, 0, Long.MAX_VALUE, 0xFFFFFFFFL)
                            .error())
                    .isEqualTo(DiskError.EINVAL);
        }
    }

    @Test
    void aReadIsLimitedToThePayloadLimitAndARangeOnlyToTheDisk() {
        Export large = new Export("large", new MemoryDisk(64 << 20));
        Session session = new Session(large, false, false, Set.of());
        assertThat(verdict(session, Wire.CMD_READ, 0, 0, 32 << 20)).isEqualTo(Verdict.FINE);
        assertThat(verdict(session, Wire.CMD_READ, 0, 0, (32 << 20) + 1)).isEqualTo(Verdict.TOO_LONG);
        assertThat(verdict(session, Wire.CMD_WRITE_ZEROES, 0, 0, 64 << 20)).isEqualTo(Verdict.FINE);
    }

    @Test
    void nothingIsWrittenToAReadOnlyExport() {
        for (int command : new int[] {Wire.CMD_WRITE, Wire.CMD_TRIM, Wire.CMD_WRITE_ZEROES}) {
            assertThat(verdict(readOnly, command, 0, 0, 512)).isEqualTo(Verdict.READ_ONLY);
        }
        assertThat(Verdict.READ_ONLY.error()).isEqualTo(DiskError.EPERM);
        assertThat(verdict(readOnly, Wire.CMD_READ, 0, 0, 512)).isEqualTo(Verdict.FINE);
    }

    @Test
    void unknownCommandsAreRefused() {
        for (int command : new int[] {8, 9, 200, 0xFFFF}) {
            assertThat(verdict(plain, command, 0, 0, 0)).isEqualTo(Verdict.UNKNOWN_COMMAND);
        }
    }

    @Test
    void fuaIsTakenOnEveryCommand() {
        for (int command : new int[] {
            Wire.CMD_READ, Wire.CMD_WRITE, Wire.CMD_TRIM, Wire.CMD_CACHE, Wire.CMD_WRITE_ZEROES, Wire.CMD_BLOCK_STATUS
        }) {
            assertThat(verdict(structured, command, Wire.CMD_FLAG_FUA, 0, 512)).isEqualTo(Verdict.FINE);
        }
        assertThat(verdict(plain, Wire.CMD_FLUSH, Wire.CMD_FLAG_FUA, 0, 0)).isEqualTo(Verdict.FINE);
    }

    @Test
    void aFlagOnTheWrongCommandIsRefused() {
        assertThat(verdict(plain, Wire.CMD_READ, Wire.CMD_FLAG_NO_HOLE, 0, 512)).isEqualTo(Verdict.BAD_FLAG);
        assertThat(verdict(plain, Wire.CMD_READ, Wire.CMD_FLAG_REQ_ONE, 0, 512)).isEqualTo(Verdict.BAD_FLAG);
        assertThat(verdict(plain, Wire.CMD_READ, Wire.CMD_FLAG_DF, 0, 512)).isEqualTo(Verdict.BAD_FLAG);
        assertThat(verdict(structured, Wire.CMD_READ, Wire.CMD_FLAG_DF, 0, 512)).isEqualTo(Verdict.FINE);
        assertThat(verdict(plain, Wire.CMD_WRITE, Wire.CMD_FLAG_FAST_ZERO, 0, 512))
                .isEqualTo(Verdict.BAD_FLAG);
        assertThat(verdict(plain, Wire.CMD_CACHE, 1 << 13, 0, 512)).isEqualTo(Verdict.BAD_FLAG);
        int zero = Wire.CMD_FLAG_NO_HOLE | Wire.CMD_FLAG_FAST_ZERO;
        assertThat(verdict(plain, Wire.CMD_WRITE_ZEROES, zero, 0, 512)).isEqualTo(Verdict.FINE);
    }

    @Test
    void blockStatusNeedsAContextAndARange() {
        assertThat(verdict(plain, Wire.CMD_BLOCK_STATUS, 0, 0, 512)).isEqualTo(Verdict.NO_CONTEXT);
        assertThat(verdict(structured, Wire.CMD_BLOCK_STATUS, 0, 0, 0)).isEqualTo(Verdict.EMPTY_STATUS);
    }

    @Test
    void flushTakesNoRange() {
        assertThat(verdict(plain, Wire.CMD_FLUSH, 0, 512, 0)).isEqualTo(Verdict.FLUSH_RANGE);
        assertThat(verdict(plain, Wire.CMD_FLUSH, 0, 0, 512)).isEqualTo(Verdict.FLUSH_RANGE);
    }

    @Test
    void whateverIsFineLiesInsideTheDisk() throws Exception {
        Random random = new Random(7);
        RequestHeader header = new RequestHeader();
        int fine = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[Wire.REQUEST_BYTES];
            random.nextBytes(bytes);
            java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(bytes);
            in.putInt(0, Wire.REQUEST_MAGIC).putShort(4, (short) 0).putShort(6, (short) random.nextInt(9));
            if (random.nextBoolean()) {
                in.putLong(16, random.nextInt(SIZE + 2)).putInt(24, random.nextInt(4096));
            }
            header.peek(in);
            if (Verdict.of(header, structured) == Verdict.FINE) {
                fine++;
                assertThat(header.offsetBytes).isBetween(0L, (long) SIZE);
                assertThat(header.offsetBytes + header.lengthBytes).isBetween(0L, (long) SIZE);
            }
        }
        assertThat(fine).isPositive();
    }

    @Test
    void aHeaderIsReadInFullWidthAndLeftInPlace() throws Exception {
        java.nio.ByteBuffer in = Packet.of()
                .raw((byte) 9)
                .raw(Packet.request(Wire.CMD_WRITE, 0x8001, -2, Long.MIN_VALUE, 0xFFFFFFFFL))
                .toBuffer()
                .position(1);
        RequestHeader header = new RequestHeader();
        header.peek(in);
        assertThat(in.position()).isEqualTo(1);
        assertThat(header.flags).isEqualTo(0x8001);
        assertThat(header.command).isEqualTo(Wire.CMD_WRITE);
        assertThat(header.cookie).isEqualTo(-2);
        assertThat(header.offsetBytes).isEqualTo(Long.MIN_VALUE);
        assertThat(header.payloadBytes()).isEqualTo(0xFFFFFFFFL);
    }

    @Test
    void aStreamOutOfStepIsTold() {
        RequestHeader header = new RequestHeader();
        assertThatThrownBy(() -> header.peek(java.nio.ByteBuffer.allocate(28))).isInstanceOf(NbdException.class);
    }

    private static Verdict verdict(Session session, int command, int flags, long offset, long length) {
        RequestHeader header = new RequestHeader();
        try {
            header.peek(Packet.request(command, flags, 1, offset, length).toBuffer());
        } catch (NbdException e) {
            throw new AssertionError(e);
        }
        return Verdict.of(header, session);
    }
}
