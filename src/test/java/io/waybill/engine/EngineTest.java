package io.waybill.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.CapturedLog;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.SealedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Endpoint;
import org.apache.camel.component.seda.SedaEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {

    @TempDir
    Path temp;

    @Test
    void itIsSaidToBeStartedWhenItIs() {
        try (CapturedLog log = new CapturedLog()) {
            assertThatThrownBy(this::startWithoutARoute).isInstanceOf(IllegalStateException.class);
            assertThat(log.lines()).noneMatch(line -> line.contains(" started; found "));

            try (RunningWaybill waybill =
                    RunningWaybill.on(temp.resolve("another")).start()) {
                assertThat(waybill.engine().main().getCamelContext().isStarted())
                        .isTrue();
                assertThat(log.lines())
                        .filteredOn(line -> line.contains(" started; found 0 in doubt, 0 resumed"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void startWithoutARouteIsRefused() throws Exception {
        assertThatThrownBy(this::startWithoutARoute)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("folder '" + temp.resolve("home/routes")
                        + "': no route was found; expected files *.camel.yaml in a folder that is no link");
    }

    /** It would say that it runs, and never take a file. */
    @Test
    void anInboxThatNothingCanBeTakenFromIsRefused() throws Throwable {
        Path inbox = Files.createDirectories(temp.resolve("work/inbox"));

        SealedFolder.during(inbox, () -> assertThatThrownBy(
                        () -> RunningWaybill.on(temp.resolve("work")).start())
                .hasMessage("folder '" + inbox + "' of setting 'waybill.inbox' cannot be read and written by user '"
                        + System.getProperty("user.name") + "', and files are taken from it by renaming them"));
    }

    @Test
    void oneLooksForTheOrdersOfACarrierThatHasNoAddress() {
        try (RunningWaybill waybill = RunningWaybill.on(temp)
                .with("waybill.carrier.kdniao.url", "http://127.0.0.1:9")
                .with("waybill.carrier.kdniao.concurrency", "3")
                .with("waybill.carrier.mabang.url", "")
                .with("waybill.carrier.mabang.concurrency", "3")
                .start()) {
            assertThat(lookingFor("kdniao", waybill)).isEqualTo(3);
            assertThat(lookingFor("mabang", waybill)).isEqualTo(1);
        }
    }

    private static int lookingFor(String carrier, RunningWaybill waybill) {
        Endpoint queue =
                waybill.engine().main().getCamelContext().getRoute(carrier).getEndpoint();
        return ((SedaEndpoint) queue).getConcurrentConsumers();
    }

    private void startWithoutARoute() throws IOException {
        Path home = temp.resolve("home");
        Files.createDirectories(home.resolve("routes"));
        Files.copy(Path.of("routes/carrier-rules.yaml"), home.resolve("routes/carrier-rules.yaml"));
        Files.createSymbolicLink(home.resolve("mappings"), Path.of("mappings").toAbsolutePath());

        RunningWaybill.on(temp.resolve("work"))
                .with("waybill.home", home.toString())
                .start();
    }
}
