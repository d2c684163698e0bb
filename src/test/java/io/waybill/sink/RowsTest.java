package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowsTest extends SinkTest {

    private static final String FREIGHT =
            "{`kind`: `freight`, `amount`: `12.10`, `currency`: `GBP`, `source`: `birdsystem book`, `final`: true}";

    @Test
    void aChargeIsAnExactDecimalWithItsCostCenter() {
        Claim claim =
                booked("{`billing`: {`cost_center`: `C1`, `reference`: `PO-7`}}", "{`charges`: [" + FREIGHT + "]}");

        Map<String, Object> row = new Rows(clock).charges(claim).get(0);

        assertThat(row)
                .containsEntry("account", "acme")
                .containsEntry("order_id", "A-1")
                .containsEntry("reissue", 0)
                .containsEntry("amount", new BigDecimal("12.10"))
                .containsEntry("currency", "GBP")
                .containsEntry("final", true)
                .containsEntry("cost_center", "C1")
                .containsEntry("reference", "PO-7");
    }

    @Test
    void theSameBookingGivesTheSameIds() {
        Claim claim = booked("{}", "{`charges`: [" + FREIGHT + "], `tracking_events`: [" + event("`labelled`") + "]}");
        Rows rows = new Rows(clock);

        assertThat(rows.charges(claim)).isEqualTo(rows.charges(claim));
        assertThat(rows.tracking(claim)).isEqualTo(rows.tracking(claim));
    }

    @Test
    void twoChargesOfOneKindAreTwoCharges() {
        Claim claim = booked("{}", "{`charges`: [" + FREIGHT + ", " + FREIGHT + ", " + FREIGHT + "]}");

        List<Map<String, Object>> rows = new Rows(clock).charges(claim);

        assertThat(rows).extracting(row -> row.get("charge_id")).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aTrackingEventKeepsItsMomentAndWords() {
        Claim claim = booked("{}", "{`tracking_number`: `T1`, `tracking_events`: [" + event("`labelled`") + "]}");

        Map<String, Object> row = new Rows(clock).tracking(claim).get(0);

        assertThat(row)
                .containsEntry("at", OffsetDateTime.parse("2026-02-28T22:30:00Z"))
                .containsEntry("status", "labelled")
                .containsEntry("tracking_number", "T1")
                .containsEntry("location", null)
                .containsEntry("source", "birdsystem book");
    }

    @Test
    void otherEventsAreOtherRows() {
        String events = Stream.of(
                        "`labelled`",
                        "`in_transit`",
                        "`in_transit`, `raw_status`: `2`",
                        "`in_transit`, `raw_status`: `2`, `text`: `Departed`",
                        "`in_transit`, `raw_status`: `2`, `text`: `Arrived`")
                .map(RowsTest::event)
                .collect(Collectors.joining(", "));
        Claim claim = booked("{}", "{`tracking_events`: [" + events + "]}");

        assertThat(new Rows(clock).tracking(claim))
                .extracting(row -> row.get("event_id"))
                .doesNotHaveDuplicates();
    }

    @Test
    void theShipmentIsTheOrderAndWhatTheBookingBrought() {
        Claim claim = booked(
                "{`metadata`: {`shop`: 7}}",
                "{`status`: `labelled`, `tracking_number`: `T1`,"
                        + " `created_at`: `2026-01-01T00:00:00Z`, `tracking_events`: [" + event("`labelled`") + "]}");

        ObjectNode shipment = ShipmentDocument.of(claim);

        assertThat(shipment)
                .isEqualTo(json("{`account`: `acme`, `order_id`: `A-1`, `reissue`: 0,"
                        + " `carrier`: `birdsystem`, `service`: `standard`, `carrier_reference`: `REF-1`, `status`: `labelled`,"
                        + " `tracking_number`: `T1`, `created_at`: `2026-01-01T00:00:00Z`, `charges`: [], `warnings`: [],"
                        + " `metadata`: {`shop`: 7}}"));
    }

    @Test
    void aRefusedLabelIsAWarningInTheShipment() {
        Claim claim = booked("{}", "{`status`: `labelled`, `label_refused`: `label: no PDF`}");

        ObjectNode shipment = ShipmentDocument.of(claim);

        assertThat(shipment.get("warnings"))
                .isEqualTo(json("{`w`: [`label: no PDF`]}").get("w"));
        assertThat(shipment.has("label_refused")).isFalse();
        assertThat(shipment.get("created_at").asText())
                .isEqualTo(claim.acceptedAt().toString());
    }

    private static String event(String status) {
        return "{`at`: `2026-03-01T06:30:00+08:00`, `status`: " + status + "}";
    }
}
