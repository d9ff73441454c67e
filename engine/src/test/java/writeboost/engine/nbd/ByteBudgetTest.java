package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.task.ThreadTasks;

@Timeout(60)
class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(new ThreadTasks((thread, e) -> {}), 100);

    @Test
    void nothingIsTakenBeyondTheLimit() {
        assertThat(budget.tryTake(60)).isTrue();
        assertThat(budget.tryTake(41)).isFalse();
        assertThat(budget.tryTake(40)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(100);
        budget.give(100);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void whoeverWaitsGetsTheBytesThatAreGivenBack() throws Exception {
        assertThat(budget.tryTake(60)).isTrue();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> budget.take(50, () -> false));
        budget.give(60);
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(50);
    }

    @Test
    void aLargeRequestIsNotOvertakenBySmallOnes() throws Exception {
        assertThat(budget.tryTake(60)).isTrue();
        CompletableFuture<Boolean> large = CompletableFuture.supplyAsync(() -> budget.take(90, () -> false));
        // As soon as the large one waits, nothing is to be had without waiting.
        await().until(() -> {
            boolean taken = budget.tryTake(1);
            budget.give(taken ? 1 : 0);
            return !taken;
        });
        List<Integer> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> first = large.thenAccept(taken -> order.add(90));
        CompletableFuture<Boolean> small = CompletableFuture.supplyAsync(() -> budget.take(20, () -> false));
        budget.give(60);
        first.get(30, TimeUnit.SECONDS);
        assertThat(budget.usedBytes()).isEqualTo(90);
        assertThat(small).isNotDone();
        budget.give(90);
        assertThat(small.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly(90);
    }

    @Test
    void whoeverIsCancelledTakesNothingAndHoldsUpNobody() throws Exception {
        assertThat(budget.tryTake(100)).isTrue();
        AtomicBoolean cancelled = new AtomicBoolean();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> budget.take(100, cancelled::get));
        CompletableFuture<Boolean> behind = CompletableFuture.supplyAsync(() -> budget.take(10, () -> false));
        cancelled.set(true);
        budget.wake();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
        budget.give(100);
        assertThat(behind.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(10);
    }
}
