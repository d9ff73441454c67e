package writeboost.app.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
    @TempDir
    private Path folder;

    @Test
    void theFirstTimeItHasItsDefaults() {
        assertThat(Place.load(folder)).isEqualTo(Place.DEFAULT);
    }

    @Test
    void whatWasSavedIsThereTheNextTime() {
        Place place = new Place(-20, 44.5, 1300, 720, true, Look.Choice.DARK, "usb");

        place.save(folder.resolve("made"));

        assertThat(Place.load(folder.resolve("made"))).isEqualTo(place);
    }

    @Test
    void whatMakesNoSenseHasItsDefaultAndTheRestIsKept() throws IOException {
        Files.writeString(
                folder.resolve("window.properties"),
                "x=NaN\ny=12\nwidth=3\nheight=1e9\nmaximized=perhaps\nlook=pink\npair=usb\n");

        Place place = Place.load(folder);

        assertThat(place.x()).isNaN();
        assertThat(place.y()).isEqualTo(12);
        assertThat(place.width()).isEqualTo(Place.DEFAULT.width());
        assertThat(place.height()).isEqualTo(Place.DEFAULT.height());
        assertThat(place.maximized()).isFalse();
        assertThat(place.look()).isEqualTo(Look.Choice.SYSTEM);
        assertThat(place.pair()).isEqualTo("usb");
    }

    @Test
    void aFileThatIsNoneCostsItsDefaultsOnly() throws IOException {
        Files.write(folder.resolve("window.properties"), new byte[] {'x', '=', '\\', 'u', 'z'});

        assertThat(Place.load(folder)).isEqualTo(Place.DEFAULT);
    }
}
