package writeboost.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "4096B, 4096",
        "4k, 4096",
        "512M, 536870912",
        "64G, 68719476736",
        "64 GiB, 68719476736",
        "2T, 2199023255552",
        "1PB, 1125899906842624"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "-1", "1.5G", "10X", "0x10", "1 G G", "99999999999999999999", "9000000P"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "1048064, 1 MiB",
        "1048575, 1 MiB",
        "1288490188, 1.2 GiB",
        "68719476736, 64 GiB",
        "137438953472, 128 GiB",
        "9223372036854775807, 8192 PiB"
    })
    void sizesAreShownShort(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }

    @Test
    void durationsAreShownShort() {
        assertThat(Sizes.duration(-1)).isEqualTo("0 s");
        assertThat(Sizes.duration(40.4)).isEqualTo("40 s");
        assertThat(Sizes.duration(240)).isEqualTo("4 min");
        assertThat(Sizes.duration(3 * 3600)).isEqualTo("3 h");
        assertThat(Sizes.duration(5 * 86400)).isEqualTo("5 d");
    }
}
