package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.device.LargePages.PAGE_BYTES;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LargePagesTest {
    private static void isZeroAndMayBeUsed(ByteBuffer buffer) {
        for (int at = 0; at < buffer.capacity(); at++) {
            if (buffer.get(at) != 0) {
                assertThat(at).as("a byte that is not zero").isNegative();
            }
            buffer.put(at, (byte) 0x5A);
        }
        assertThat(buffer.get(buffer.capacity() - 1)).isEqualTo((byte) 0x5A);
    }

    @Test
    void aBufferBeginsAtALargePageAndIsZero() {
        ByteBuffer buffer = LargePages.allocate(2 * PAGE_BYTES);
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.capacity()).isEqualTo(2 * PAGE_BYTES);
        assertThat(buffer.alignmentOffset(0, PAGE_BYTES)).isZero();
        isZeroAndMayBeUsed(buffer);
    }

    @Test
    void neighboursAreLeftAlone() {
        ByteBuffer first = LargePages.allocate(PAGE_BYTES);
        isZeroAndMayBeUsed(first);
        for (int i = 0; i < 8; i++) {
            isZeroAndMayBeUsed(LargePages.allocate(PAGE_BYTES));
        }
        for (int at = 0; at < PAGE_BYTES; at++) {
            assertThat(first.get(at) == 0x5A).isTrue();
        }
    }

    /** Before it is used, and the whole allocation but for parts of pages at its ends. */
    @Test
    void theKernelIsAskedForLargePagesAndGivenTheSmallOnesBack() {
        ScriptedKernel kernel = new ScriptedKernel();
        kernel.answer(0, 0);
        LargePages.allocate(PAGE_BYTES, kernel);
        assertThat(kernel.calls().get(0)).isEqualTo("madvise 14 " + PAGE_BYTES);
        assertThat(kernel.calls().get(1))
                .matches(call -> call.equals("madvise 4 " + 2 * PAGE_BYTES)
                        || call.equals("madvise 4 " + (2 * PAGE_BYTES - 4096)));
    }

    @Test
    void aKernelWithoutLargePagesOrNoneAtAllIsAllRight() {
        ScriptedKernel kernel = new ScriptedKernel();
        kernel.answer(-22, -22);
        isZeroAndMayBeUsed(LargePages.allocate(PAGE_BYTES, kernel));
        isZeroAndMayBeUsed(LargePages.allocate(PAGE_BYTES, null));
    }
}
