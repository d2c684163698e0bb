package io.waybill.carriers;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.check.CaseBook;
import io.waybill.check.Check;
import io.waybill.settings.Settings;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A carrier that is a folder and route lines: the tools know it, and a killed process does not book with it twice. */
class FourthCarrierTest {

    private static final Path FOLDER = Path.of("src/test/carriers/parcelone");

    @TempDir
    Path temp;

    @Test
    void theCheckHasNoFindingsAboutItAndItsCasesHold() {
        Properties system = new Properties();
        system.setProperty("waybill.home", home().toString());

        assertThat(new Check(Settings.read(Map.of(), system, Map.of())).all()).isEmpty();
        assertThat(CaseBook.open(home().resolve("mappings")).cases("parcelone"))
                .hasSize(4)
                .allSatisfy(each -> assertThat(each.differences()).isEmpty());
    }

    @Test
    @Tag("crash")
    void aKilledProcessLeavesOneBookingWhichTheNextOneAdopts() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ParcelOne carrier = ParcelOne.start()) {
            Simulated.Fourth fourth = new Simulated.Fourth(carrier);
            carrier.next("P-kill", new ParcelOne.Held(answer));
            Process process = process(settings(carrier));
            try {
                Path inbox = temp.resolve("work/inbox");
                Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> inbox.toFile()
                        .isDirectory());
                Files.writeString(
                        inbox.resolve("P-kill.json"), fourth.order("P-kill").toString());
                Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> fourth.bookings("P-kill") == 1);
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(Patience.MILLIS, TimeUnit.MILLISECONDS)).isTrue();
            answer.countDown();

            RunningWaybill.Start next = RunningWaybill.on(temp.resolve("work"));
            settings(carrier).forEach(next::with);
            try (RunningWaybill waybill = next.start()) {
                waybill.await("P-kill", "completed");

                assertThat(fourth.bookings("P-kill")).isEqualTo(1);
                assertThat(carrier.posts("P-kill")).isEqualTo(1);
                assertThat(waybill.shipment("default", "P-kill")
                                .path("tracking_number")
                                .asText())
                        .isEqualTo("P1NZ000000001");
            }
        }
    }

    private Path home() {
        Path home = temp.resolve("work-home");
        if (!Files.exists(home)) {
            RunningWaybill.on(temp.resolve("work")).carrierFolder(FOLDER);
        }
        return home;
    }

    private Map<String, String> settings(ParcelOne carrier) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("waybill.home", home().toString());
        settings.put("waybill.carrier.parcelone.url", "http://127.0.0.1:" + carrier.port());
        settings.put("waybill.account.default.parcelone.token", ParcelOne.TOKEN);
        settings.put("waybill.in-doubt.settle-seconds", "1");
        settings.put("waybill.management.enabled", "false");
        return settings;
    }

    private Process process(Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-Dwaybill.work=" + temp.resolve("work"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.waybill.cli.Waybill", "run"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("process.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }
}
