package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "4096B, 4096",
        "1K, 1024",
        "1k, 1024",
        "512M, 536870912",
        "512MiB, 536870912",
        "512 mib, 536870912",
        "512MB, 512000000",
        "64G, 68719476736",
        "1.5G, 1610612736",
        "2T, 2199023255552",
        "1P, 1125899906842624",
        "' 8M ', 8388608",
        "9223372036854775807, 9223372036854775807"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) throws EngineException {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "-1",
                "1 G B",
                "1X",
                "1.5",
                "1.0001K",
                "0x10",
                "1e3",
                "8192P",
                "9223372036854775808",
                "1..5G",
                "1,5G",
                "1Gi",
                "iB",
                "1\n2"
            })
    void whatIsNoSizeIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("64G");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "1048575, 1 MiB",
        "536870912, 512 MiB",
        "1288490189, 1.2 GiB",
        "68719476736, 64 GiB",
        "137975824384, 128.5 GiB",
        "2199023255552, 2 TiB",
        "9223372036854775807, 8192 PiB"
    })
    void sizesAreWrittenShort(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }

    @Test
    void whatIsWrittenCanBeReadAgain() throws EngineException {
        for (long bytes = 1; bytes > 0; bytes <<= 1) {
            assertThat(Sizes.parse(Sizes.format(bytes))).isEqualTo(bytes);
        }
    }
}
