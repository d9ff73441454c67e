package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryTableTest {
    private static final long MAX_ADDRESS = (1L << 40) - 1;

    private final EntryTable table = new EntryTable(64);

    @Test
    void everyFieldIsKeptApartFromTheOthers() {
        Random random = new Random(4);
        for (int run = 0; run < 1000; run++) {
            int position = random.nextInt(64);
            long address = random.nextBoolean() ? MAX_ADDRESS : random.nextLong() & MAX_ADDRESS;
            int kind = 1 + random.nextInt(7);
            int valid = random.nextInt(256);
            int dirty = random.nextInt(256) & valid;
            int crc = random.nextInt();
            table.set(position, address, kind, valid, dirty, crc);
            assertThat(table.address(position)).isEqualTo(address);
            assertThat(table.kind(position)).isEqualTo(kind);
            assertThat(table.valid(position)).isEqualTo(valid);
            assertThat(table.dirty(position)).isEqualTo(dirty);
            assertThat(table.crc(position)).isEqualTo(crc);
            assertThat(table.isBad(position)).isFalse();
        }
    }

    @Test
    void badAndCleanChangeNothingElse() {
        table.set(5, MAX_ADDRESS, EntryKind.LOST, 0xFF, 0xFF, -1);
        table.setBad(5);
        table.setClean(5);
        assertThat(table.isBad(5)).isTrue();
        assertThat(table.dirty(5)).isZero();
        assertThat(table.valid(5)).isEqualTo(0xFF);
        assertThat(table.address(5)).isEqualTo(MAX_ADDRESS);
        assertThat(table.kind(5)).isEqualTo(EntryKind.LOST);
        assertThat(table.crc(5)).isEqualTo(-1);
        assertThat(table.isBad(4)).isFalse();
        assertThat(table.isBad(6)).isFalse();
    }

    @Test
    void aNewEntryIsNotBad() {
        table.set(5, 1, EntryKind.WRITTEN, 0xFF, 0xFF, 1);
        table.setBad(5);
        table.set(5, 2, EntryKind.WRITTEN, 0xFF, 0, 2);
        assertThat(table.isBad(5)).isFalse();
    }
}
