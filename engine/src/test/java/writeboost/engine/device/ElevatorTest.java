package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElevatorTest {
    private static final long MS = 1_000_000;
    private static final int BLOCK = 4096;

    private final Elevator elevator = new Elevator();

    @Test
    void waitingReadsAreTakenInAscendingOrderAndThenFromTheLowest() {
        read(0, 500);
        assertThat(places(1)).containsExactly(500L);
        for (long block : new long[] {700, 100, 900, 501, 300, 500}) {
            read(0, block);
        }
        assertThat(places(10)).containsExactly(501L, 700L, 900L, 100L, 300L, 500L);
    }

    @Test
    void whatComesDuringASweepJoinsItIfItLiesAhead() {
        read(0, 100);
        read(0, 300);
        assertThat(places(1)).containsExactly(100L);
        read(2, 200);
        read(2, 50);
        assertThat(places(10)).containsExactly(200L, 300L, 50L);
    }

    @Test
    void readsOfTheSamePlaceAreTakenInTheOrderInWhichTheyCame() {
        Command first = read(0, 7);
        Command second = read(0, 7);
        assertThat(elevator.next(MS)).isSameAs(first);
        assertThat(elevator.next(MS)).isSameAs(second);
    }

    @Test
    void writesAndFlushesAreOvertakenByNothingAndOvertakeNothing() {
        read(0, 900);
        read(0, 800);
        add(Command.Kind.WRITE, 0, 10);
        read(0, 700);
        add(Command.Kind.WRITE, 0, 5);
        add(Command.Kind.FLUSH, 0, 0);
        read(0, 20);
        read(0, 1);
        assertThat(places(10)).containsExactly(800L, 900L, 10L, 700L, 5L, 0L, 1L, 20L);
    }

    @Test
    void aReadBehindAWriteWaitsForItHoweverLongItHasWaited() {
        add(Command.Kind.WRITE, 900 * MS, 10);
        read(0, 20);
        assertThat(elevator.next(1_000 * MS).kind).isEqualTo(Command.Kind.WRITE);
    }

    @Test
    void writesDoNotChangeWhereTheSweepGoesOn() {
        read(0, 500);
        add(Command.Kind.WRITE, 0, 10);
        read(0, 20);
        read(0, 600);
        assertThat(places(10)).containsExactly(500L, 10L, 600L, 20L);
    }

    @Test
    void aReadThatHasWaitedTooLongGoesFirstOnceTheBatchIsOverTheOldestBeforeAll() {
        read(0, 500);
        places(1);
        read(30 * MS, 300);
        read(20 * MS, 400);
        read(10 * MS, 350);
        for (int i = 1; i < Elevator.BATCH; i++) {
            read(509 * MS, 500 + i);
            assertThat(placeOfNext(530 * MS)).isEqualTo(500 + i);
        }
        read(510 * MS, 900);
        assertThat(placeOfNext(530 * MS)).isEqualTo(350);
        read(510 * MS, 360);
        assertThat(placeOfNext(530 * MS)).as("a batch from there").isEqualTo(360);
        assertThat(placeOfNext(530 * MS)).isEqualTo(400);
        assertThat(placeOfNext(530 * MS)).isEqualTo(900);
        assertThat(placeOfNext(530 * MS)).isEqualTo(300);
    }

    @Test
    void aBatchIsOverWhenNothingLiesAhead() {
        read(0, 500);
        places(1);
        read(30 * MS, 300);
        read(20 * MS, 400);
        read(600 * MS, 1);
        assertThat(placeOfNext(600 * MS)).as("the oldest, not the lowest").isEqualTo(400);
        assertThat(placeOfNext(600 * MS)).isEqualTo(300);
        assertThat(placeOfNext(600 * MS)).isEqualTo(1);
    }

    @Test
    void aBatchIsOverAfterAWrite() {
        read(0, 500);
        add(Command.Kind.WRITE, 0, 10);
        places(2);
        read(30 * MS, 300);
        read(600 * MS, 700);
        assertThat(placeOfNext(600 * MS)).isEqualTo(300);
    }

    @Test
    void nothingHasWaitedTooLongAfterExactlyThatLong() {
        read(0, 500);
        add(Command.Kind.WRITE, 0, 10);
        places(2);
        read(30 * MS, 300);
        read(40 * MS, 700);
        assertThat(placeOfNext(530 * MS)).isEqualTo(700);
    }

    @Test
    void whatCameAfterTheDiskBecameFreeDoesNotCompeteWithWhatWaited() {
        read(0, 500);
        places(1);
        read(7 * MS, 600);
        read(6 * MS, 700);
        read(4 * MS, 100);
        assertThat(placeOfNext(5 * MS)).as("the one that waited").isEqualTo(100);
        assertThat(placeOfNext(5 * MS)).as("the first that found it idle").isEqualTo(700);
        assertThat(placeOfNext(8 * MS)).isEqualTo(600);
    }

    @Test
    void theFirstCommandOfAllIsTakenWheneverTheDiskWasFree() {
        read(-5, 3);
        assertThat(placeOfNext(Long.MIN_VALUE)).isEqualTo(3);
        assertThat(elevator.isEmpty()).isTrue();
    }

    /** What is no read is taken when all before it has been and nothing after it; no read is forgotten. */
    @Test
    void whateverComesTheRulesHold() {
        Random random = new Random(1);
        long nowNs = 0;
        long longestNs = 0;
        for (int i = 0; i < 20_000; i++) {
            nowNs += 5 * MS + random.nextInt((int) (5 * MS));
            for (int j = random.nextInt(4); j > 0 && elevator.waiting().size() < 80; j--) {
                boolean isRead = random.nextInt(20) > 0;
                add(
                        isRead ? Command.Kind.READ : Command.Kind.WRITE,
                        nowNs - random.nextInt(1000),
                        random.nextInt(1000));
            }
            if (!elevator.isEmpty()) {
                List<Command> before = List.copyOf(elevator.waiting());
                Command next = elevator.next(nowNs);
                List<Command> overtaken = before.subList(0, before.indexOf(next));
                assertThat(overtaken).allMatch(command -> command.kind == Command.Kind.READ);
                assertThat(overtaken.isEmpty() || next.kind == Command.Kind.READ)
                        .isTrue();
                longestNs = Math.max(longestNs, nowNs - next.arrivedNs);
            }
        }
        assertThat(longestNs).isLessThan(3_000 * MS);
    }

    private Command read(long arrivedNs, long block) {
        return add(Command.Kind.READ, arrivedNs, block);
    }

    private Command add(Command.Kind kind, long arrivedNs, long block) {
        Command command = new Command(kind, arrivedNs, block * BLOCK, kind == Command.Kind.FLUSH ? 0 : BLOCK);
        elevator.add(command);
        return command;
    }

    private long placeOfNext(long freeNs) {
        return elevator.next(freeNs).offsetBytes / BLOCK;
    }

    private List<Long> places(int most) {
        List<Long> places = new ArrayList<>();
        while (!elevator.isEmpty() && places.size() < most) {
            places.add(placeOfNext(MS));
        }
        return places;
    }
}
