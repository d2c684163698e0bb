package io.waybill.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void theEnvironmentNamesEverySettingAlsoOfACarrierOfOnesOwn() {
        Settings settings = Settings.load(
                new Properties(),
                Map.of(
                        "WAYBILL_DB_URL", "jdbc:h2:mem:x",
                        "WAYBILL_CARRIER_KDNIAO_TRACK_URL", "http://127.0.0.1:1",
                        "WAYBILL_CARRIER_PARCELONE_URL", "http://127.0.0.1:2",
                        "WAYBILL_CARRIER_PARCELONE_LABEL_HOSTS", "labels.example.com",
                        "WAYBILL_ACCOUNT_ACME_KDNIAO_API_KEY", "secret",
                        "WAYBILL_ACCOUNT_ACME_KDNIAO_SERVICE_FAST", "SF",
                        "WAYBILL_ACCOUNT_ACME_KDNIAO_TARIFF_SF", "1 CNY for 1 g, then 1 for each 1 g"));

        assertThat(settings.get("waybill.db.url")).isEqualTo("jdbc:h2:mem:x");
        assertThat(settings.carrier("kdniao")).containsEntry("track-url", "http://127.0.0.1:1");
        assertThat(settings.carrier("parcelone"))
                .containsOnly(Map.entry("url", "http://127.0.0.1:2"), Map.entry("label-hosts", "labels.example.com"));
        assertThat(settings.account("acme", "kdniao"))
                .containsOnly(
                        Map.entry("api-key", "secret"),
                        Map.entry("service.fast", "SF"),
                        Map.entry("tariff.sf", "1 CNY for 1 g, then 1 for each 1 g"));
    }
}
