package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogImage.Chunk;

/** Opening a log on a device that refuses reads: passing errors are retried, lasting ones never taken for an end. */
class ReplayReadErrorTest {
    private LogImage image;
    private FaultDevice cache;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
        cache = new FaultDevice(image.cache, new QuickTasks());
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).knowing(1, 0, 1).write();
    }

    private static Fault badBlock(long byteOffset) {
        return Fault.error(DeviceException.Kind.IO).on(Operation.READ).at(byteOffset, Geometry.BLOCK_BYTES);
    }

    private void assertRefused(String... words) throws IOException {
        byte[] before = image.bytes();
        assertThatThrownBy(() -> OpenLog.open(cache, image.backing))
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
        assertThat(image.bytes()).isEqualTo(before);
    }

    @Test
    void aPassingErrorOfAnyReadIsRetried() throws Exception {
        for (int nth = 1; nth <= 60; nth++) {
            cache.clear();
            cache.add(Fault.error(DeviceException.Kind.IO)
                    .on(Operation.READ)
                    .from(nth)
                    .times(1));
            try (OpenLog opened = OpenLog.open(cache, image.backing)) {
                assertThat(opened.chunks).as("read %s", nth).containsExactly("1@1.0 W1", "2@1.2 W2");
            }
        }
    }

    @Test
    void aLastingErrorWhereTheNewestHeaderMayBeIsRefused() throws Exception {
        Chunk newest = image.chunk(3).block(3).inFreshSegment().write();
        cache.add(badBlock(newest.byteOffset()));
        assertRefused("cache", "slot 1", "block 0", "Nothing was changed");
    }

    @Test
    void aLastingErrorInTheDataOfTheNewestChunkIsRefusedForItMayBeComplete() throws Exception {
        Chunk newest = image.chunk(3).block(3).inFreshSegment().write();
        cache.add(badBlock(newest.byteOffset() + Geometry.BLOCK_BYTES));
        byte[] before = image.bytes();
        assertThatThrownBy(() -> OpenLog.open(cache, image.backing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("slot 1");
        assertThat(image.bytes()).isEqualTo(before);
    }

    @Test
    void cache13ABadSectorInDurableDataStopsNothing() throws Exception {
        Chunk chunk = image.chunk(3).block(3).block(4).write();
        image.chunk(4).block(5).knowing(3, 0, 1).write();
        cache.add(badBlock(chunk.byteOffset() + Geometry.BLOCK_BYTES));
        try (OpenLog opened = OpenLog.open(cache, image.backing)) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2", "3@1.4 W3 W4", "4@1.7 W5");
        }
    }

    @Test
    void oneUnreadableCheckpointSlotStopsNothing() throws Exception {
        image.checkpoint(1, new Marks(2, 1, 2), 1, 1);
        byte[] whole = image.bytes();
        for (int slot = 0; slot < Geometry.CHECKPOINT_SLOTS; slot++) {
            image.restore(whole);
            cache.clear();
            cache.add(badBlock(Geometry.checkpointByteOffset(slot)));
            try (OpenLog opened = OpenLog.open(cache, image.backing)) {
                assertThat(opened.chunks).as("slot %s", slot).containsExactly("2@1.2 W2");
            }
        }
    }

    @Test
    void bothUnreadableSlotsOfOneGenerationAreRefusedForTheyMayBeTheNewest() throws Exception {
        image.checkpoint(1, new Marks(2, 1, 2), 1, 1);
        cache.add(badBlock(Geometry.checkpointByteOffset(2)));
        cache.add(badBlock(Geometry.checkpointByteOffset(3)));
        assertRefused("can't be read");
    }

    @Test
    void anUnreadableHeaderUpToDurableIsMendedFromItsCopy() throws Exception {
        Chunk third = image.chunk(3).block(3).block(4).inFreshSegment().write();
        image.chunk(4).block(5).knowing(3, 0, 1).write();
        image.chunk(5).block(6).write();
        cache.add(badBlock(third.byteOffset()));
        cache.add(badBlock(third.byteOffset() + Geometry.BLOCK_BYTES));
        try (OpenLog opened = OpenLog.open(cache, image.backing)) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2", "3@2.0 W3 W4", "4@2.3 W5", "5@2.5 W6");
        }
    }

    @Test
    void anUnreadableHeaderWithoutACopyIsRefusedAsUnreadableNotAsDamaged() throws Exception {
        Chunk third = image.chunk(3).block(3).write();
        image.checkpoint(1, new Marks(3, 0, 1), 1, 1);
        cache.add(badBlock(third.byteOffset()));
        assertRefused("slot 0", "block 4", "try again");
    }

    @Test
    void afterACleanStopUnreadableRoomThatHoldsNothingStopsNothing() throws Exception {
        try (OpenLog opened = image.open()) {
            opened.log.checkpoint(0, 1, true);
        }
        cache.add(badBlock(image.geometry.byteOffset(image.geometry.position(9, 0))));
        try (OpenLog opened = OpenLog.open(cache, image.backing)) {
            assertThat(opened.chunks).hasSize(2);
        }
    }

    @Test
    void afterACleanStopAnUnreadableHeaderIsStillMendedFromItsCopy() throws Exception {
        Chunk third = image.chunk(3).block(3).inFreshSegment().write();
        image.chunk(4).block(4).inFreshSegment().write();
        try (OpenLog opened = image.open()) {
            opened.log.checkpoint(0, 1, true);
        }
        cache.add(badBlock(third.byteOffset()));
        try (OpenLog opened = OpenLog.open(cache, image.backing)) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2", "3@2.0 W3", "4@3.0 W4");
        }
    }

    @Test
    void aHeaderThatCanBeReadOnceButNotAgainIsRefusedNotPassedOver() throws Exception {
        Chunk newest = image.chunk(3).block(3).inFreshSegment().write();
        cache.add(badBlock(newest.byteOffset()).from(2));
        assertRefused("cache", "slot 1", "not again", "Nothing was changed");
    }

    @Test
    void aDeviceThatRefusesToSyncOrToWriteIsNotServed() throws Exception {
        for (Operation op : new Operation[] {Operation.SYNC, Operation.WRITE}) {
            cache.clear();
            cache.add(Fault.error(DeviceException.Kind.IO).on(op));
            assertThatThrownBy(() -> OpenLog.open(cache, image.backing))
                    .as(op.name())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aBackingDeviceThatRefusesToSyncIsNotServed() throws Exception {
        FaultDevice backing = new FaultDevice(image.backing, new QuickTasks());
        backing.add(Fault.error(DeviceException.Kind.IO).on(Operation.SYNC));
        byte[] before = image.bytes();
        assertThatThrownBy(() -> OpenLog.open(cache, backing)).isInstanceOf(IOException.class);
        assertThat(image.bytes()).isEqualTo(before);
    }
}
