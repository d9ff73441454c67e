package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianIsTheOneInTheMiddleWhateverTheOrder() {
        assertThat(Samples.of(5, 1, 100).median()).isEqualTo(5);
        assertThat(Samples.of(7).median()).isEqualTo(7);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Samples.of(4, 1, 2, 100).median()).isEqualTo(3);
    }

    @Test
    void theSpreadIsFromTheSmallestToTheLargest() {
        Samples samples = Samples.of(3, -2, 9, 4);

        assertThat(samples.min()).isEqualTo(-2);
        assertThat(samples.max()).isEqualTo(9);
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        assertThat(Samples.of(10, 30).dividedBy(Samples.of(5, 10)).values()).containsExactly(2.0, 3.0);
    }

    @Test
    void unequalNumbersOfRoundsCannotBeCompared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.of(1, 2).dividedBy(Samples.of(1)))
                .withMessageContaining("2 rounds cannot be compared with 1");
    }

    @Test
    void nothingAndWhatIsNoNumberAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(1).dividedBy(Samples.of(0)));
    }
}
