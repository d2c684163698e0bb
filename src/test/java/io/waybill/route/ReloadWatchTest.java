package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappings that are watched. */
class ReloadWatchTest {

    @TempDir
    Path temp;

    @Test
    void whereTheyAreWatchedTheyAreTakenUpByThemselves() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .changed("mappings/kdniao/carrier.yaml", "zone: Asia/Shanghai", "zone: Asia/Shanghai")
                        .with("waybill.mappings.watch", "true")
                        .with("waybill.mappings.poll-ms", "200")
                        .start()) {
            Path edited = temp.resolve("work-home/mappings/kdniao/book.response.jslt");
            Path whole = Files.writeString(
                    temp.resolve("edited.jslt"),
                    Files.readString(edited)
                            .replace(
                                    "\"raw_status_text\": .Reason",
                                    "\"raw_status_text\": if ($order.order_id == \"U-1\") \"two\" else .Reason"));
            Files.move(whole, edited, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() ->
                            waybill.query("select reason from mapping_history").size() == 1);

            waybill.drop("U-1.json", Orders.chinese("U-1"));

            waybill.await("U-1", "completed");
            assertThat(waybill.shipment("default", "U-1")
                            .path("raw_status_text")
                            .asText())
                    .isEqualTo("two");
        }
    }
}
