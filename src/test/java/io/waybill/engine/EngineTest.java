package io.waybill.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.RunningWaybill;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {

    @TempDir
    Path temp;

    @Test
    void startWithoutARouteIsRefused() throws Exception {
        Path home = temp.resolve("home");
        Files.createDirectories(home.resolve("routes"));
        Files.copy(Path.of("routes/carrier-rules.yaml"), home.resolve("routes/carrier-rules.yaml"));
        Files.createSymbolicLink(home.resolve("mappings"), Path.of("mappings").toAbsolutePath());

        RunningWaybill.Start start = RunningWaybill.on(temp.resolve("work")).with("waybill.home", home.toString());

        assertThatThrownBy(start::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("folder '" + home.resolve("routes")
                        + "': no route was found; expected files *.camel.yaml in a folder that is no link");
    }
}
