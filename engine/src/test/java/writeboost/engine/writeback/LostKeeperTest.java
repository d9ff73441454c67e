package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.log.EntryKind;

/** Lost blocks go on being lost when their room is reused. */
@Timeout(60)
class LostKeeperTest {
    private final RoundFixture f;
    private final LostKeeper keeper;

    LostKeeperTest() throws IOException {
        f = new RoundFixture();
        keeper = f.round.lost();
    }

    @AfterEach
    void close() {
        f.close();
    }

    /** Appends a chunk of so many lost blocks. */
    private void lose(long from, int count) throws IOException {
        f.append(EntryKind.LOST, LongStream.range(from, from + count).toArray());
    }

    private boolean isLost(long address) {
        return f.log.entries().kind(f.positionOf(address)) == EntryKind.LOST;
    }

    @Test
    void whereNothingIsLostNothingIsLogged() throws Exception {
        f.write(1, 2);
        f.forget();
        assertThat(keeper.carryBelow(2)).isEqualTo(2);
        assertThat(f.cache.noted()).isEmpty();
    }

    @Test
    void whatLiesBehindStaysWhereItIs() throws Exception {
        f.write(1);
        lose(2, 1);
        assertThat(keeper.carryBelow(2)).isEqualTo(2);
        assertThat(keeper.carryBelow(1)).as("oldest is there already").isEqualTo(1);
        assertThat(keeper.carryBelow(0)).isZero();
        assertThat(f.log.durable()).isEqualTo(2);
    }

    @Test
    void aLostBlockIsLoggedAnewDurablyWithItsSectors() throws Exception {
        lose(7, 1);
        f.write(8);
        int before = f.positionOf(7L);
        f.forget();
        assertThat(keeper.carryBelow(3)).isEqualTo(3);
        assertThat(f.cache.noted()).extracting(io -> io.kind()).containsExactly(Kind.WRITE, Kind.SYNC);
        assertThat(f.positionOf(7L)).isNotEqualTo(before);
        assertThat(isLost(7)).isTrue();
        assertThat(f.log.entries().valid(f.positionOf(7L))).isEqualTo(0xFF);
        assertThat(f.log.entries().dirty(f.positionOf(7L))).isZero();
    }

    @Test
    void oneThatWasOverwrittenIsNot() throws Exception {
        lose(7, 2);
        f.write(7);
        assertThat(keeper.carryBelow(2)).isEqualTo(2);
        assertThat(isLost(7)).isFalse();
        assertThat(isLost(8)).isTrue();
        assertThat(f.cache.noted(Kind.WRITE))
                .last()
                .matches(io -> io.length() == 2 * BLOCK, "one block with its header");
    }

    @Test
    void ifAllWereOverwrittenStillWhatSupersedesThemMustBeDurable() throws Exception {
        lose(7, 1);
        f.appendOpen(EntryKind.WRITTEN, 7);
        f.index.put(7L, -7);
        assertThat(keeper.carryBelow(2)).isEqualTo(2);
        assertThat(f.log.durable()).isEqualTo(2);
    }

    @Test
    void atOnceNoMoreAreCarriedThanFillASegment() throws Exception {
        lose(100, 7);
        lose(200, 7);
        lose(300, 1);
        lose(400, 1);
        assertThat(keeper.carryBelow(5)).as("the fourth waits").isEqualTo(4);
        assertThat(f.positionOf(300L)).isGreaterThan(f.positionOf(400L));
        assertThat(isLost(100)).isTrue();
    }

    @Test
    void itWaitsForWhatIsOnItsWayToTheDevice() throws Exception {
        lose(7, 3);
        f.appendOpen(EntryKind.WRITTEN, 100);
        f.noRoom = 1;
        assertThat(keeper.carryBelow(2)).isEqualTo(2);
        assertThat(f.positionOf(100L)).as("durable first").isLessThan(f.positionOf(7L));
        assertThat(f.cache.noted(Kind.WRITE)).last().matches(io -> io.length() == 4 * BLOCK, "three blocks");
    }

    /** Only writeback makes room: to wait for it here would be to wait for ever. */
    @Test
    void whereNoRoomIsLeftAndNoneIsToComeItSaysSo() throws Exception {
        lose(7, 3);
        f.noRoom = 1;
        assertThatThrownBy(() -> keeper.carryBelow(2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the log is full of blocks that are damaged");
        assertThat(keeper.carryBelow(2)).as("with room again").isEqualTo(2);
        assertThat(isLost(7)).isTrue();
    }

    @Test
    void withoutRoomItPassesWhatNeedsNone() throws Exception {
        f.write(1);
        f.write(2);
        lose(7, 1);
        f.noRoom = 1;
        assertThat(keeper.carryBelow(4)).isEqualTo(3);
        assertThat(keeper.blocksCarried()).isZero();
    }

    @Test
    void aBrokenLogIsToldRatherThanWaitedFor() throws Exception {
        lose(7, 1);
        f.noRoom = Integer.MAX_VALUE;
        f.lock.lock();
        f.log.fail("gone");
        f.lock.unlock();
        assertThatThrownBy(() -> keeper.carryBelow(2))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
    }
}
