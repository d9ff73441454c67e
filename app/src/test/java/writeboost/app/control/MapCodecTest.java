package writeboost.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.error.EngineException;

class MapCodecTest {
    private final MapCodec.Memory server = new MapCodec.Memory();

    @Test
    void aMapArrivesAsItWasSent() throws Exception {
        SegmentMap sent = map(3, 1000);

        SegmentMap received = MapCodec.decode(server.encode(sent, MapCodec.NOTHING), null);

        assertThat(received.cells()).isEqualTo(sent.cells());
        assertThat(received.snapshotId()).isEqualTo(3);
        assertThat(received.headSlot()).isEqualTo(5);
        assertThat(received.tailSlot()).isEqualTo(2);
        assertThat(received.oldestSlot()).isEqualTo(1);
    }

    @Test
    void onlyWhatHasChangedTravelsToWhoHasTheOneBefore() throws Exception {
        Random random = new Random(4711);
        SegmentMap known = MapCodec.decode(server.encode(map(1, 131_072), MapCodec.NOTHING), null);
        for (int round = 0; round < 50; round++) {
            byte[] cells = known.cells().clone();
            for (int i = 0; i < round; i++) {
                cells[random.nextInt(cells.length)] = (byte) random.nextInt();
            }
            MapCodec.Wire wire = server.encode(new SegmentMap(2, cells, -1, -1, -1), MapCodec.checksum(known.cells()));
            assertThat(wire.data()).hasSizeLessThanOrEqualTo(8 * round + 4);
            known = MapCodec.decode(wire, known);
            assertThat(known.cells()).isEqualTo(cells);
        }
    }

    @Test
    void whoHasAMapThatTheServerDoesNotRememberGetsAllOfIt() throws Exception {
        SegmentMap sent = map(9, 500);

        MapCodec.Wire wire = server.encode(sent, 4711);

        assertThat(wire.base()).isEqualTo(MapCodec.NOTHING);
        assertThat(MapCodec.decode(wire, map(1, 7)).cells()).isEqualTo(sent.cells());
    }

    @Test
    void changesToAnotherMapAreRefused() throws Exception {
        SegmentMap first = map(1, 500);
        server.encode(first, MapCodec.NOTHING);
        byte[] cells = first.cells().clone();
        cells[3]++;
        MapCodec.Wire changes = server.encode(new SegmentMap(2, cells, -1, -1, -1), MapCodec.checksum(first.cells()));

        byte[] other = first.cells().clone();
        other[7]++;
        assertThatThrownBy(() -> MapCodec.decode(changes, new SegmentMap(1, other, -1, -1, -1)))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> MapCodec.decode(changes, null)).isInstanceOf(EngineException.class);
    }

    @Test
    void nonsenseIsAnErrorAndNothingElse() {
        Random random = new Random(7);
        SegmentMap known = map(1, 100);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = new byte[random.nextInt(12)];
            random.nextBytes(noise);
            String data = java.util.Base64.getEncoder().encodeToString(noise);
            MapCodec.Wire wire = new MapCodec.Wire(2, 1, -5, 0, 0, 0, data);
            assertThatThrownBy(() -> MapCodec.decode(wire, known)).isInstanceOf(EngineException.class);
        }
        assertThatThrownBy(() -> MapCodec.decode(new MapCodec.Wire(2, 1, -5, 0, 0, 0, "no base64!"), known))
                .isInstanceOf(EngineException.class);
    }

    private static SegmentMap map(long id, int segments) {
        byte[] cells = new byte[segments];
        new Random(id).nextBytes(cells);
        return new SegmentMap(id, cells, 5, 2, 1);
    }
}
