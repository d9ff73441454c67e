package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.LargePages;
import writeboost.engine.nbd.Slab.Slice;

class SlabTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final Slab slab = new Slab(LargePages.allocate(Slab.BYTES));

    @Test
    void slicesAreOf512KibTo8Mib() {
        assertThat(Slab.hasSlicesOf(256 * KIB)).isFalse();
        assertThat(Slab.hasSlicesOf(512 * KIB)).isTrue();
        assertThat(Slab.hasSlicesOf(8 * MIB)).isTrue();
        assertThat(Slab.hasSlicesOf(16 * MIB)).isFalse();
    }

    @Test
    void itIsLentToTheLastByteInSlicesOfAnySize() {
        for (int capacity = 512 * KIB; capacity <= 8 * MIB; capacity *= 2) {
            List<Slice> out = new ArrayList<>();
            for (Slice slice = slab.find(capacity); slice != null; slice = slab.find(capacity)) {
                slice.take();
                out.add(slice);
            }
            assertThat(out).hasSize(Slab.BYTES / capacity);
            assertThat(slab.outBytes()).isEqualTo(Slab.BYTES);
            out.forEach(Slice::give);
            assertThat(slab.outBytes()).isZero();
        }
    }

    @Test
    void aSliceLiesAtAMultipleOfItsSizeSoThatNoneOfUpTo2MibIsInTwoLargePages() {
        slab.forEach(slice -> {
            int capacity = slice.buffer().capacity();
            assertThat(slice.buffer().alignmentOffset(0, Math.min(capacity, LargePages.PAGE_BYTES)))
                    .isZero();
        });
    }

    @Test
    void aHoleIsFilledAgainAndOnlyByWhatFits() {
        Slice first = take(512 * KIB);
        take(4 * MIB);
        Slice quarter = take(2 * MIB);
        assertThat(slab.find(2 * MIB)).isNull();
        take(MIB);
        assertThat(slab.find(MIB)).isNull();
        quarter.give();
        assertThat(slab.find(2 * MIB)).isSameAs(quarter);
        first.give();
        assertThat(slab.find(4 * MIB)).isNull();
    }

    @Test
    void slicesThatAreOutNeverOverlap() {
        Random random = new Random(12);
        List<Slice> out = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Slice slice = random.nextBoolean() ? slab.find((512 * KIB) << random.nextInt(4)) : null;
            if (slice != null) {
                slice.take();
                out.add(slice);
                for (int at = 0; at < slice.buffer().capacity(); at += 512 * KIB) {
                    slice.buffer().putInt(at, i);
                }
            } else if (!out.isEmpty()) {
                ByteBuffer back = giveAny(out, random);
                for (int at = 0; at < back.capacity(); at += 512 * KIB) {
                    assertThat(back.getInt(at)).isEqualTo(back.getInt(0));
                }
            }
            assertThat(slab.outBytes())
                    .isEqualTo(out.stream().mapToInt(s -> s.buffer().capacity()).sum());
            assertThat(out).extracting(s -> s.buffer().getInt(0)).doesNotHaveDuplicates();
        }
    }

    private static ByteBuffer giveAny(List<Slice> out, Random random) {
        Slice slice = out.remove(random.nextInt(out.size()));
        slice.give();
        return slice.buffer();
    }

    private Slice take(int capacity) {
        Slice slice = Objects.requireNonNull(slab.find(capacity));
        slice.take();
        return slice;
    }
}
