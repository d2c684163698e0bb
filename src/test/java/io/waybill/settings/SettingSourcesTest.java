package io.waybill.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who overrides whom, and what the names mean. */
class SettingSourcesTest {

    @TempDir
    Path home;

    @Test
    void everySourceOverridesTheOnesBeforeIt() throws IOException {
        Map<String, String> demo = Map.of("waybill.node", "demo");
        Map<String, String> environment = Map.of("WAYBILL_NODE", "environment");

        assertThat(load(Map.of(), system(), Map.of()).get("waybill.node")).isEqualTo("waybill");
        assertThat(load(demo, system(), Map.of()).get("waybill.node")).isEqualTo("demo");
        write("conf/waybill.properties", "waybill.node = home");
        assertThat(load(demo, system(), Map.of()).get("waybill.node")).isEqualTo("home");
        write("work/conf/waybill.properties", "waybill.node = work");
        assertThat(load(demo, system(), Map.of()).get("waybill.node")).isEqualTo("work");
        assertThat(load(demo, system(), environment).get("waybill.node")).isEqualTo("environment");
        assertThat(load(demo, system("waybill.node", " line "), environment).get("waybill.node"))
                .isEqualTo("line");
    }

    @Test
    void aSettingIsSaidToStandWhereTheValueThatHoldsStands() throws IOException {
        write("conf/waybill.properties", "waybill.node = home\nwaybill.claims = 5");
        Path file = home.resolve("conf/waybill.properties");
        Map<String, String> environment = Map.of("WAYBILL_NODE", "environment");

        assertThat(load(Map.of(), system(), Map.of()).place("waybill.node")).isEqualTo(file + ":1");
        assertThat(load(Map.of(), system(), environment).place("waybill.node")).isEqualTo("environment:1");
        assertThat(load(Map.of(), system(), environment).place("waybill.claims"))
                .isEqualTo(file + ":2");
        assertThat(load(Map.of(), system("waybill.node", "line"), environment).place("waybill.node"))
                .isEqualTo("command line:1");
    }

    @Test
    void theWorkFolderThatASettingNamesHasItsOwnSettings() throws IOException {
        write("conf/waybill.properties", "waybill.work = far");
        write("far/conf/waybill.properties", "waybill.node = \u5317\u4eac");
        write("further/conf/waybill.properties", "waybill.node = further");

        assertThat(load(Map.of(), system(), Map.of()).get("waybill.node")).isEqualTo("\u5317\u4eac");
        assertThat(load(Map.of(), system(), Map.of("WAYBILL_WORK", "further")).get("waybill.node"))
                .isEqualTo("further");
        assertThat(load(Map.of(), system("waybill.work", "further"), Map.of("WAYBILL_WORK", "far"))
                        .get("waybill.inbox"))
                .isEqualTo(home.resolve("further/inbox").toString());
    }

    @Test
    void theEnvironmentNamesEverySettingAndEveryAccount() {
        Settings settings = load(
                Map.of(),
                system(),
                Map.of(
                        "WAYBILL_INBOX", "/somewhere/in",
                        "WAYBILL_DEAD_LETTERS", "dead",
                        "WAYBILL_CARRIER_KDNIAO_RATE", " 7 ",
                        "WAYBILL_ACCOUNT_DEFAULT_KDNIAO_API_KEY", "k1",
                        "WAYBILL_ACCOUNT_ACME_KDNIAO_API_KEY", "k2",
                        "WAYBILL_ACCOUNT_ACME_BIRDSYSTEM_SERVICE_DPD_NEXT_DAY", "42",
                        "CAMEL_MAIN_NAME", "other",
                        "NODE", "other"));

        assertThat(settings.path("waybill.inbox")).isEqualTo(Path.of("/somewhere/in"));
        assertThat(settings.path("waybill.dead-letters")).isEqualTo(home.resolve("dead"));
        assertThat(settings.number("waybill.carrier.kdniao.rate")).isEqualTo(7);
        assertThat(settings.account("default", "kdniao")).isEqualTo(Map.of("api-key", "k1"));
        assertThat(settings.account("acme", "kdniao")).isEqualTo(Map.of("api-key", "k2"));
        assertThat(settings.account("acme", "birdsystem")).isEqualTo(Map.of("service.dpd-next-day", "42"));
        assertThat(settings.get("camel.main.name")).isEqualTo("waybill");
        assertThat(settings.get("waybill.node")).isEqualTo("waybill");
    }

    @Test
    void aNameThatNobodyKnowsStopsTheStartWhereverItStands() throws IOException {
        assertThatThrownBy(() -> load(Map.of(), system("waybill.inbocks", "x"), Map.of()))
                .hasMessage("settings [waybill.inbocks] are unknown; application.properties lists every name");
        write(
                "conf/waybill.properties",
                "# ours\nwaybill.outbocks = x\nwaybill.account.a.kdniao.api-key = k\nwaybill.carrier.fourth.url = u");
        assertThatThrownBy(() -> load(Map.of(), system(), Map.of()))
                .hasMessageStartingWith("settings [waybill.outbocks] are unknown");

        Settings kept = Settings.read(Map.of(), system("waybill.home", home.toString()), Map.of());

        assertThat(kept.unknown()).containsExactly("waybill.outbocks");
        assertThat(kept.place("waybill.outbocks")).isEqualTo(home.resolve("conf/waybill.properties") + ":2");
        assertThat(kept.place("waybill.node")).isEqualTo("command line:1");
        assertThat(kept.isFromFile("waybill.carrier.fourth.url")).isTrue();
        assertThat(kept.isFromFile("waybill.node")).isFalse();
    }

    @Test
    void theNamesThatPeopleRelyOnAreThere() {
        Settings shipped = load(Map.of(), system(), Map.of());

        assertThat(shipped.shipped())
                .containsKeys(
                        "waybill.work",
                        "waybill.inbox",
                        "waybill.outbox",
                        "waybill.labels",
                        "waybill.dead-letters",
                        "waybill.db.url",
                        "waybill.db.user",
                        "waybill.db.password",
                        "waybill.dispatch",
                        "waybill.node",
                        "waybill.broker.url",
                        "waybill.http.port",
                        "waybill.management.port")
                .containsEntry("waybill.management.host", "127.0.0.1")
                .containsEntry("waybill.http.host", "127.0.0.1")
                .containsEntry("waybill.queue.orders", "waybill.orders")
                .containsEntry("waybill.queue.shipments", "waybill.shipments");
        for (String carrier : new String[] {"birdsystem", "mabang", "kdniao"}) {
            assertThat(shipped.carrier(carrier)).containsKeys("url", "enabled", "concurrency", "rate");
        }
        for (String folder : new String[] {"inbox", "outbox", "labels", "dead-letters", "archive"}) {
            assertThat(shipped.path("waybill." + folder))
                    .isEqualTo(home.resolve("work").resolve(folder));
        }
        assertThat(shipped.get("waybill.db.url")).isEqualTo("jdbc:h2:file:" + home.resolve("work/data/ledger"));
        assertThat(shipped.path("waybill.management.users")).isEqualTo(home.resolve("work/conf/users.properties"));
    }

    @Test
    void aNumberThatIsNoneIsNamed() {
        assertThatThrownBy(() -> load(Map.of(), system("waybill.claims", "many"), Map.of())
                        .number("waybill.claims"))
                .hasMessage("setting 'waybill.claims': expected a whole number, was 'many'");
    }

    private Settings load(Map<String, String> defaults, Properties system, Map<String, String> environment) {
        system.setProperty("waybill.home", home.toString());
        return Settings.load(defaults, system, environment);
    }

    private static Properties system(String... setting) {
        Properties system = new Properties();
        for (int i = 0; i < setting.length; i += 2) {
            system.setProperty(setting[i], setting[i + 1]);
        }
        return system;
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(home.resolve(file).getParent());
        Files.writeString(home.resolve(file), text + "\n");
    }
}
