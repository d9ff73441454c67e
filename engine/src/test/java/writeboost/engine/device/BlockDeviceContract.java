package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link BlockDevice} promises. Each implementation extends this, once for each way of being opened. */
abstract class BlockDeviceContract {
    static final int SIZE_BYTES = 4 << 20;
    static final int LARGE_BYTES = BounceBuffers.BUFFER_BYTES * 3 + 4096;

    @TempDir
    Path folder;

    BlockDevice device;
    private int sector;

    /** A device of {@link #SIZE_BYTES} that reads as zeros. */
    abstract BlockDevice create() throws IOException;

    @BeforeEach
    void open() throws IOException {
        device = create();
        sector = device.sectorBytes();
    }

    @AfterEach
    void close() throws IOException {
        if (device != null) {
            device.close();
        }
    }

    @Test
    void sizeIsWholeSectorsOfAKnownLength() {
        assertThat(device.sizeBytes()).isEqualTo(SIZE_BYTES);
        assertThat(sector).isIn(512, 4096);
        assertThat(device.identity().sizeBytes()).isEqualTo(SIZE_BYTES);
        assertThat(device.name()).isNotBlank();
        assertThat(device.identity().stableName()).isNotBlank();
    }

    @Test
    void aNewDeviceReadsAsZeros() throws IOException {
        assertThat(read(0, SIZE_BYTES)).containsOnly(0);
    }

    @Test
    void aWriteThatReturnedIsSeenByEveryLaterRead() throws IOException {
        byte[] data = random(1, 64 << 10);
        device.write(8192, aligned(data));
        assertThat(read(8192, data.length)).isEqualTo(data);
        assertThat(read(8192 + sector, sector)).isEqualTo(Arrays.copyOfRange(data, sector, 2 * sector));
    }

    @Test
    void aSmallWriteLeavesItsNeighboursAlone() throws IOException {
        byte[] before = random(2, 4 * sector);
        device.write(0, aligned(before));
        byte[] one = random(3, sector);
        device.write(sector, aligned(one));
        System.arraycopy(one, 0, before, sector, sector);
        assertThat(read(0, before.length)).isEqualTo(before);
    }

    @Test
    void firstAndLastSectorAreReached() throws IOException {
        byte[] first = random(4, sector);
        byte[] last = random(5, sector);
        device.write(0, aligned(first));
        device.write(SIZE_BYTES - sector, aligned(last));
        assertThat(read(0, sector)).isEqualTo(first);
        assertThat(read(SIZE_BYTES - sector, sector)).isEqualTo(last);
    }

    @Test
    void heapBuffersWorkLikeDirectOnes() throws IOException {
        byte[] data = random(6, LARGE_BYTES);
        device.write(4096, ByteBuffer.wrap(data).asReadOnlyBuffer());
        ByteBuffer back = ByteBuffer.allocate(LARGE_BYTES);
        device.read(4096, back);
        assertThat(back.array()).isEqualTo(data);
    }

    @Test
    void unalignedDirectBuffersWork() throws IOException {
        byte[] data = random(7, LARGE_BYTES);
        for (int shift : new int[] {1, 7, 256, 512, 513}) {
            ByteBuffer odd = BounceBuffers.allocate(LARGE_BYTES + 4096).position(shift);
            odd.put(data).flip().position(shift);
            device.write(0, odd);
            odd.clear().position(shift).limit(shift + LARGE_BYTES);
            device.zero(LARGE_BYTES - LARGE_BYTES % 4096, 4096, true);
            device.read(0, odd);
            odd.position(shift);
            assertThat(bytes(odd)).isEqualTo(data);
        }
    }

    @Test
    void onlyWhatLiesBetweenPositionAndLimitIsMoved() throws IOException {
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(16384), BounceBuffers.allocate(16384))) {
            buffer.put(random(8, 16384)).position(4096).limit(12288);
            device.write(0, buffer);
            assertThat(buffer.position()).isEqualTo(12288);
            assertThat(buffer.limit()).isEqualTo(12288);
            assertThat(read(0, 8192)).isEqualTo(Arrays.copyOfRange(random(8, 16384), 4096, 12288));
            assertThat(read(8192, 4096)).containsOnly(0);

            device.zero(0, 8192, false);
            buffer.clear().position(4096).limit(8192);
            device.read(0, buffer);
            assertThat(buffer.position()).isEqualTo(8192);
            assertThat(buffer.limit()).isEqualTo(8192);
            byte[] expected = random(8, 16384);
            Arrays.fill(expected, 4096, 8192, (byte) 0);
            assertThat(bytes(buffer.clear())).isEqualTo(expected);
        }
    }

    @Test
    void manyPlacesAreReadTogetherWhateverTheBuffer() throws IOException {
        byte[] data = random(11, SIZE_BYTES);
        device.write(0, aligned(data));
        int[] lengths = {sector, 4096, 8192, 65536};
        for (ByteBuffer into : List.of(BounceBuffers.allocate(SIZE_BYTES), ByteBuffer.allocate(SIZE_BYTES))) {
            for (int shift : new int[] {0, sector, 1}) {
                ReadList list = new ReadList();
                List<int[]> places = new ArrayList<>();
                byte[] expected = new byte[SIZE_BYTES];
                for (int i = 0, at = shift; i < 100; i++) {
                    int length = lengths[i % lengths.length];
                    int offset = i * 7919 % (SIZE_BYTES / 4096 - 16) * 4096;
                    places.add(new int[] {offset, at, length});
                    System.arraycopy(data, offset, expected, at, length);
                    at += length;
                }
                into.clear().put(new byte[SIZE_BYTES]);
                into.position(512).limit(8192);
                list.start(into);
                places.forEach(place -> list.add(place[0], place[1], place[2]));
                device.readAll(list);
                list.end();
                for (int i = 0; i < list.size(); i++) {
                    assertThat(list.isRead(i)).isTrue();
                }
                assertThat(into.position()).isEqualTo(512);
                assertThat(into.limit()).isEqualTo(8192);
                assertThat(bytes(into.clear())).isEqualTo(expected);
            }
        }
    }

    @Test
    void aListWithAPlaceOutsideIsRefused() {
        ReadList list = new ReadList();
        list.start(BounceBuffers.allocate(8192));
        list.add(0, 0, 4096);
        list.add(SIZE_BYTES, 4096, 4096);
        assertThatThrownBy(() -> device.readAll(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyThreadsReadListsAtTheSameTime() throws Exception {
        byte[] data = random(12, SIZE_BYTES);
        device.write(0, aligned(data));
        ExecutorService pool = Executors.newFixedThreadPool(20);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int t = 0; t < 20; t++) {
                Random random = new Random(t);
                readers.add(pool.submit(() -> readScattered(data, random)));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    private @Nullable Void readScattered(byte[] data, Random random) throws IOException {
        ReadList list = new ReadList();
        ByteBuffer into = BounceBuffers.allocate(ReadList.MAX_PLACES * 4096);
        for (int round = 0; round < 5; round++) {
            byte[] expected = new byte[into.capacity()];
            list.start(into);
            for (int i = 0; i < ReadList.MAX_PLACES; i++) {
                int offset = random.nextInt(SIZE_BYTES / 4096) * 4096;
                list.add(offset, i * 4096, 4096);
                System.arraycopy(data, offset, expected, i * 4096, 4096);
            }
            device.readAll(list);
            list.end();
            assertThat(bytes(into.clear())).isEqualTo(expected);
        }
        return null;
    }

    @Test
    void requestsOfNothingDoNothing() throws IOException {
        device.read(0, ByteBuffer.allocateDirect(0));
        device.write(SIZE_BYTES, ByteBuffer.allocate(0));
        device.zero(sector, 0, true);
        device.discard(SIZE_BYTES, 0);
        assertThat(read(0, SIZE_BYTES)).containsOnly(0);
    }

    @Test
    void aRangeThatIsNotOfSectorsInsideIsRefusedAndNothingIsDone() throws IOException {
        byte[] data = random(9, SIZE_BYTES);
        device.write(0, aligned(data));
        refused(-sector, sector);
        refused(SIZE_BYTES, sector);
        refused(SIZE_BYTES - sector, 2 * sector);
        refused(1, sector);
        refused(0, sector - 1);
        refused(sector / 2, sector);
        refused(Long.MAX_VALUE - sector + 1, sector);
        assertThat(read(0, SIZE_BYTES)).isEqualTo(data);
    }

    private void refused(long offset, int length) {
        ByteBuffer buffer = BounceBuffers.allocate(8192).limit(length);
        assertThatThrownBy(() -> device.read(offset, buffer)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> device.write(offset, buffer)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> device.zero(offset, length, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> device.discard(offset, length)).isInstanceOf(IllegalArgumentException.class);
        assertThat(buffer.remaining()).isEqualTo(length);
    }

    @Test
    void zeroedRangesReadAsZerosAndTheirNeighboursStay() throws IOException {
        for (boolean mayUnmap : new boolean[] {true, false}) {
            byte[] data = random(10, SIZE_BYTES);
            device.write(0, aligned(data));
            zeroBoth(data, sector, sector, mayUnmap);
            zeroBoth(data, 65536, 131072, mayUnmap);
            zeroBoth(data, (1 << 20) - 3 * sector, LARGE_BYTES, mayUnmap);
            zeroBoth(data, SIZE_BYTES - sector, sector, mayUnmap);
            assertThat(read(0, SIZE_BYTES)).isEqualTo(data);
        }
    }

    private void zeroBoth(byte[] data, int offset, int length, boolean mayUnmap) throws IOException {
        device.zero(offset, length, mayUnmap);
        Arrays.fill(data, offset, offset + length, (byte) 0);
    }

    @Test
    void discardLeavesItsNeighboursAloneAndTheRangeWritable() throws IOException {
        byte[] data = random(11, SIZE_BYTES);
        device.write(0, aligned(data));
        device.discard(65536, 65536);
        assertThat(read(0, 65536)).isEqualTo(Arrays.copyOf(data, 65536));
        assertThat(read(131072, 65536)).isEqualTo(Arrays.copyOfRange(data, 131072, 131072 + 65536));
        byte[] again = random(12, 65536);
        device.write(65536, aligned(again));
        assertThat(read(65536, 65536)).isEqualTo(again);
    }

    @Test
    void syncMayBeCalledAtAnyTimeAndAgain() {
        assertThatCode(() -> {
                    device.sync();
                    device.write(0, aligned(random(14, 4096)));
                    device.sync();
                    device.sync();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aClosedDeviceSaysThatItIsGone() throws IOException {
        device.close();
        device.close();
        assertThatThrownBy(() -> device.read(0, BounceBuffers.allocate(4096))).satisfies(this::isGone);
        assertThatThrownBy(() -> device.write(0, BounceBuffers.allocate(4096))).satisfies(this::isGone);
        assertThatThrownBy(() -> device.zero(0, 4096, true)).satisfies(this::isGone);
        assertThatThrownBy(() -> device.sync()).satisfies(this::isGone);
    }

    private void isGone(Throwable problem) {
        assertThat(problem)
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.kind()).isEqualTo(DeviceException.Kind.GONE))
                .hasMessageContaining("closed");
    }

    @Test
    void aThousandRandomOperationsDoWhatTheyDoToAnArray() throws IOException {
        long seed = 20_261_120;
        Random random = new Random(seed);
        byte[] model = new byte[SIZE_BYTES];
        for (int i = 0; i < 1000; i++) {
            int length = sector * (1 + random.nextInt(random.nextInt(10) == 0 ? 1024 : 16) * 4096 / sector / 8);
            int offset = sector * random.nextInt((SIZE_BYTES - length) / sector + 1);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] data = random(random.nextLong(), length);
                    System.arraycopy(data, 0, model, offset, length);
                    device.write(offset, random.nextBoolean() ? aligned(data) : ByteBuffer.wrap(data));
                }
                case 2 -> zeroBoth(model, offset, length, random.nextBoolean());
                case 3 -> device.sync();
                default ->
                    assertThat(read(offset, length))
                            .as("seed %d, operation %d", seed, i)
                            .isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
            }
        }
        assertThat(read(0, SIZE_BYTES)).as("seed %d", seed).isEqualTo(model);
    }

    @Test
    void threadsThatUseDifferentRangesDoNotDisturbEachOther() throws Exception {
        int threads = 8;
        int share = SIZE_BYTES / threads;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int base = i * share;
                running.add(pool.submit(() -> {
                    writeAndReadBack(base, share);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    private void writeAndReadBack(int base, int share) throws IOException {
        Random random = new Random(base);
        for (int round = 0; round < 40; round++) {
            int length = 4096 * (1 + random.nextInt(share / 4096));
            int offset = base + 4096 * random.nextInt((share - length) / 4096 + 1);
            byte[] data = random(round, length);
            device.write(offset, round % 2 == 0 ? aligned(data) : ByteBuffer.wrap(data));
            if (round % 8 == 0) {
                device.sync();
            }
            assertThat(read(offset, length)).isEqualTo(data);
        }
    }

    @Test
    void whatOneThreadWroteAnotherReads() throws Exception {
        byte[] ones = new byte[sector];
        Arrays.fill(ones, (byte) 1);
        byte[] twos = new byte[sector];
        Arrays.fill(twos, (byte) 2);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 50; i++) {
                byte[] next = i % 2 == 0 ? ones : twos;
                pool.submit(() -> {
                            device.write(0, aligned(next));
                            return null;
                        })
                        .get();
                assertThat(read(0, sector)).isEqualTo(next);
            }
        } finally {
            pool.shutdown();
        }
    }

    byte[] read(long offset, int length) throws IOException {
        ByteBuffer buffer =
                BounceBuffers.allocate((length + 4095) / 4096 * 4096).limit(length);
        device.read(offset, buffer);
        assertThat(buffer.hasRemaining()).isFalse();
        return bytes(buffer.flip());
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static ByteBuffer aligned(byte[] data) {
        ByteBuffer buffer = BounceBuffers.allocate((data.length + 4095) / 4096 * 4096);
        return buffer.put(data).flip();
    }

    static byte[] random(long seed, int length) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }
}
