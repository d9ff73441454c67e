package writeboost.app.gui;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.control.ServiceFixture;
import writeboost.app.gui.model.Maps;

/** A window on a pair called usb, whose engine does as the test says. */
@Timeout(120)
abstract class FakeWindowTest {
    @TempDir
    private Path folder;

    /** The pair, served by another process unless {@link #isServed} says otherwise. */
    protected ServiceFixture fixture;

    protected ShownWindow window;

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void open() throws IOException {
        fixture = new ServiceFixture(folder);
        fixture.engine.map = Maps.of("ccccccccDDDDDDDD                ");
        fixture.engine.dirty.put("usb", 300_000L);
        fixture.engine.clients = 0;
        fixture.clientEngine.map = fixture.engine.map;
        if (isServed()) {
            fixture.serve("usb");
        } else {
            fixture.create("usb");
        }
        window = ShownWindow.on(fixture.client);
        window.awaitText("sentence", said -> !said.isEmpty());
        if (isServed()) {
            window.awaitUntil("the log is shown", () -> window.map().isPresent());
        }
    }

    @AfterEach
    void close() throws IOException {
        window.close();
        fixture.close();
    }

    boolean isServed() {
        return true;
    }
}
