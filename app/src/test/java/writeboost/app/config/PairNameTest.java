package writeboost.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"usb", "a", "7", "My-Disk_2.old", "x...."})
    void namesThatAreSafeEverywhereAreTaken(String name) {
        assertThat(PairName.check(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", ".hidden", "-x", "_x", "a/b", "../a", "a b", "a\nb", "a\u0000b", "ä", "a?socket=b"
            })
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> PairName.check(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengthIsLimitedAndTheMessageIsTooAndPrintable() {
        assertThat(PairName.isValid("x".repeat(PairName.MAX_LENGTH))).isTrue();
        assertThatThrownBy(() -> PairName.check("x".repeat(100_000)))
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(300));
        assertThatThrownBy(() -> PairName.check("a\u001b[2Jb"))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\u001b"));
    }
}
