package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.settings.Settings;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Processor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process was writing when it died goes when surely nobody writes it any more. */
class HalfWrittenTest {

    private static final List<String> LEFT = List.of(
            "archive/2026-11-20/.tmp-6f1c1f6e-8c4b-4d8e-9f62-0d2c9f0a7a11",
            "dead-letters/default/.tmp-0123456789abcdef",
            "labels/0a/.tmp-0123456789abcdef",
            "outbox/default/.tmp-90B4-0000000000000001");

    @TempDir
    Path work;

    @BeforeEach
    void leave() throws Exception {
        for (String left : LEFT) {
            Path file = work.resolve(left);
            Files.createDirectories(file.getParent());
            // a copy into the archive is as old as its original
            Files.setLastModifiedTime(Files.createFile(file), FileTime.from(Instant.EPOCH));
            Files.createFile(file.resolveSibling("A-1.json"));
            Files.createFile(file.resolveSibling(".mine"));
        }
    }

    @Test
    void itGoesAfterAnHour() throws Exception {
        dropHalfWritten(Duration.ofMinutes(61));

        assertThat(left()).isEmpty();
        assertThat(RunningWaybill.files(work))
                .filteredOn(file -> file.endsWith("A-1.json"))
                .hasSize(4);
        assertThat(RunningWaybill.files(work))
                .filteredOn(file -> file.endsWith(".mine"))
                .hasSize(4);
    }

    @Test
    void whatAnotherNodeMayBeWritingStays() throws Exception {
        dropHalfWritten(Duration.ofMinutes(58));

        assertThat(left()).containsExactlyElementsOf(LEFT);
    }

    private List<String> left() {
        return RunningWaybill.files(work).stream()
                .map(file -> work.relativize(file).toString())
                .filter(file -> file.contains("/.tmp-"))
                .sorted()
                .toList();
    }

    /** As the route does it, that long from now. */
    private void dropHalfWritten(Duration later) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("waybill.work", work.toString());
        Settings settings = Settings.load(properties, Map.of());
        Clock clock = Clock.offset(Clock.systemUTC(), later);
        OrderSchema schema = OrderSchema.load(Path.of("mappings/order.schema.json"));
        Carriers carriers = Carriers.load(Path.of("mappings"));
        CarrierRules rules = CarrierRules.load(Path.of("routes/carrier-rules.yaml"));
        Map<String, Object> registry = new HashMap<>();
        try (HikariDataSource database = Database.open("jdbc:h2:mem:half-written", "sa", "", 4);
                Ledger ledger = new Ledger(database, "test", 100, new CanonicalOrders(schema), clock)) {
            Beans.bind(
                    registry::put,
                    new Beans.Parts(settings, ledger, carriers, rules, schema, database, RealRoutesTest.NOBODY, clock));

            ((Processor) registry.get("dropHalfWritten")).process(null);
        }
    }
}
