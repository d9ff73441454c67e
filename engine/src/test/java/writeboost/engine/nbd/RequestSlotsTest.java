package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

@Timeout(60)
class RequestSlotsTest {
    private static final int MIB = 1 << 20;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private final BufferPool pool = new BufferPool(tasks);
    private final ByteBudget budget = new ByteBudget(tasks, 4 * MIB);
    private final RequestSlots slots = new RequestSlots(tasks, pool, budget);
    private Pipe pipe;
    private Outbox outbox;

    @BeforeEach
    void makeOutbox() throws IOException {
        pipe = Pipe.open();
        outbox = new Outbox(
                tasks,
                "wb-test",
                new ReceivingTurn(tasks, "wb-test-second"),
                pipe.sink(),
                slots,
                new ServerCounters(),
                new ReplyEncoder(false),
                ByteBuffer.allocate(1024),
                () -> {});
    }

    @AfterEach
    void closePipe() throws IOException {
        pipe.sink().close();
        pipe.source().close();
    }

    @Test
    void soManyRequestsAreOutAtATimeAndNoMore() throws Exception {
        List<NbdRequest> all = takeAll();
        assertThat(all).hasSize(Limits.REQUESTS_MAX).doesNotHaveDuplicates();
        slots.giveBackLocally(all.get(7));
        assertThat(slots.tryTake(outbox)).isSameAs(all.get(7));
        assertThat(slots.tryTake(outbox)).isNull();
    }

    @Test
    void pagesAreAlignedAndNobodysElse() throws Exception {
        Set<Integer> marks = new HashSet<>();
        List<NbdRequest> all = takeAll();
        for (int i = 0; i < all.size(); i++) {
            ByteBuffer page = all.get(i).usePage(4096);
            assertThat(page.alignmentOffset(0, 4096)).isZero();
            page.putInt(0, i).putInt(4092, i);
        }
        for (NbdRequest request : all) {
            ByteBuffer page = request.usePage(4096);
            assertThat(page.getInt(0)).isEqualTo(page.getInt(4092));
            marks.add(page.getInt(0));
        }
        assertThat(marks).hasSize(all.size());
    }

    @Test
    void whoWaitsForARequestGetsOneThatAnotherThreadGivesBack() throws Exception {
        List<NbdRequest> all = takeAll();
        all.get(1).following = all.get(2);
        all.get(2).following = null;
        Tasks.Task other = tasks.start("wb-test-other", () -> slots.giveBack(all.get(1)));
        NbdRequest first = slots.take(outbox);
        NbdRequest second = slots.take(outbox);
        assertThat(List.of(first, second)).containsExactlyInAnyOrder(all.get(1), all.get(2));
        assertThat(slots.tryTake(outbox)).isNull();
        assertThat(other.join(Long.MAX_VALUE)).isTrue();
    }

    @Test
    void theGrantIsFreeAndTheRestComesFromTheCommonBudget() throws Exception {
        assertThat(lend(MIB)).isTrue();
        assertThat(budget.usedBytes()).isZero();
        assertThat(lend(2 * MIB)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(2 * MIB);
        assertThat(lend(4 * MIB)).isFalse();
        assertThat(lend(2 * MIB)).isTrue();
        assertThat(lend(5000)).isFalse();
    }

    @Test
    void theGrantIsThereWhenTheBudgetIsSpent() throws Exception {
        assertThat(budget.tryTake(4 * MIB)).isTrue();
        assertThat(lend(MIB)).isTrue();
        assertThat(lend(4097)).isFalse();
    }

    @Test
    void whatIsGivenBackReturnsToPoolAndBudget() throws Exception {
        long before = pool.outBytes();
        NbdRequest request = Objects.requireNonNull(slots.tryTake(outbox));
        assertThat(slots.tryLend(request, 3 * MIB)).isTrue();
        assertThat(Objects.requireNonNull(request.data).remaining()).isEqualTo(3 * MIB);
        assertThat(budget.usedBytes()).isEqualTo(4 * MIB);
        slots.giveBackLocally(request);
        assertThat(budget.usedBytes()).isZero();
        slots.awaitAllAndClose();
        assertThat(pool.outBytes()).isEqualTo(before);
    }

    @Test
    void aCancelledWaitTakesNothing() throws Exception {
        assertThat(budget.tryTake(4 * MIB)).isTrue();
        NbdRequest request = Objects.requireNonNull(slots.tryTake(outbox));
        assertThat(slots.awaitLend(request, 2 * MIB, () -> true)).isFalse();
        assertThat(request.borrowed).isNull();
        assertThat(budget.usedBytes()).isEqualTo(4 * MIB);
        assertThat(lend(MIB)).as("the grant is untouched").isTrue();
    }

    @Test
    void closingWaitsForTheLastRequest() throws Exception {
        NbdRequest request = Objects.requireNonNull(slots.tryTake(outbox));
        request.following = null;
        Tasks.Task other = tasks.start("wb-test-other", () -> slots.giveBack(request));
        slots.awaitAllAndClose();
        assertThat(pool.outBytes()).isZero();
        assertThat(other.join(Long.MAX_VALUE)).isTrue();
    }

    private boolean lend(int lengthBytes) throws NbdException {
        return slots.tryLend(Objects.requireNonNull(slots.tryTake(outbox)), lengthBytes);
    }

    private List<NbdRequest> takeAll() throws NbdException {
        List<NbdRequest> all = new ArrayList<>();
        for (NbdRequest next = slots.tryTake(outbox); next != null; next = slots.tryTake(outbox)) {
            all.add(next);
        }
        return all;
    }
}
