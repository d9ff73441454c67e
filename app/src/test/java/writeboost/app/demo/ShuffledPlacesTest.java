package writeboost.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShuffledPlacesTest {
    private final ShuffledPlaces places = new ShuffledPlaces(new SplittableRandom(1), 100);

    @Test
    void eachComesOnceBeforeAnyComesAgain() {
        for (int round = 0; round < 3; round++) {
            assertThat(take())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void theyComeInNoOrderAndInAnotherEachTime() {
        List<Integer> first = take();

        assertThat(first).isNotEqualTo(first.stream().sorted().toList());
        assertThat(take()).isNotEqualTo(first);
    }

    private List<Integer> take() {
        return Stream.generate(places::next).limit(100).toList();
    }
}
