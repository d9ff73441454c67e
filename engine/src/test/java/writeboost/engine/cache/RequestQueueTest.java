package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

class RequestQueueTest {
    private final RequestQueue queue = new RequestQueue();

    private static DiskRequest request() {
        return new DiskRequest() {
            @Override
            public void complete(DiskError error) {
                throw new IllegalStateException("a queue completes nothing");
            }
        };
    }

    @Test
    void anEmptyOneGivesNothing() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
        assertThat(queue.peek()).isNull();
    }

    @Test
    void requestsComeOutInTheOrderInWhichTheyWentIn() {
        DiskRequest a = request();
        DiskRequest b = request();
        queue.add(a);
        queue.add(b);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.peek()).isSameAs(a);
        assertThat(queue.poll()).isSameAs(a);
        assertThat(queue.poll()).isSameAs(b);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void oneThatIsPutBackComesOutFirst() {
        DiskRequest a = request();
        DiskRequest b = request();
        queue.add(a);
        queue.addFirst(b);
        assertThat(queue.poll()).isSameAs(b);
        assertThat(queue.poll()).isSameAs(a);
    }

    @Test
    void oneThatIsPutBackIntoAnEmptyQueueIsAlsoItsLast() {
        DiskRequest a = request();
        DiskRequest b = request();
        queue.addFirst(a);
        queue.add(b);
        assertThat(queue.poll()).isSameAs(a);
        assertThat(queue.poll()).isSameAs(b);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void aRequestThatLeftHoldsNoOther() {
        DiskRequest a = request();
        queue.add(a);
        queue.add(request());
        queue.poll();
        assertThat(a.next).isNull();
    }

    @Test
    void itBehavesAsADequeDoes() {
        ArrayDeque<DiskRequest> model = new ArrayDeque<>();
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            DiskRequest r = request();
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    queue.add(r);
                    model.add(r);
                }
                case 2 -> {
                    queue.addFirst(r);
                    model.addFirst(r);
                }
                default -> {
                    for (int k = random.nextInt(6); k > 0; k--) {
                        assertThat(queue.poll()).isSameAs(model.poll());
                    }
                }
            }
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(queue.peek()).isSameAs(model.peek());
        }
    }
}
