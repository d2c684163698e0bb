package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.testing.Orders;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is said later, twice, or in any order. */
class LaterShipmentTest {

    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final String EVENT = "{\"tracking_events\": [{\"at\": \"%s\", \"status\": \"%s\"}]}";

    private static final String CHARGE =
            "{\"charges\": [{\"kind\": \"%s\", \"amount\": \"%s\", \"currency\": \"GBP\", \"source\": \"s\", \"final\": false}],"
                    + " \"updated_at\": \"2026-03-0%dT00:00:00Z\"}";
    private static final String LABEL = "{\"label\": {\"path\": \"/l\", \"format\": \"pdf\", \"sha256\": \"%s\"},"
            + " \"label_state\": \"stored\", \"updated_at\": \"2026-03-0%dT00:00:00Z\"}";

    private final ObjectNode known = json("{\"status\": \"submitted\", \"updated_at\": \"2026-03-01T00:00:00Z\"}");
    private BigDecimal freight = BigDecimal.ZERO;

    @Test
    void theSameSaidTwiceIsNoNews() {
        String said = "{\"status\": \"handed_over\", \"raw_status\": \"FINISHED\", \"tracking_number\": \"T1\","
                + " \"chargeable_weight_g\": 500, \"updated_at\": \"2026-03-02T00:00:00Z\","
                + " \"charges\": [{\"kind\": \"freight\", \"amount\": \"3.90\", \"currency\": \"GBP\", \"source\": \"s\","
                + " \"final\": false}], \"tracking_events\": [{\"at\": \"2026-03-02T00:00:00Z\", \"status\": \"handed_over\"}]}";

        News first = lay(said);
        News second = lay(said);

        assertThat(first.fields()).containsExactly("chargeable_weight_g", "status", "tracking_number");
        assertThat(first.events()).hasSize(1);
        assertThat(first.charges()).hasSize(1);
        assertThat(second.isEmpty()).isTrue();
    }

    @Test
    void anOlderEventIsNewsButNoStatus() {
        lay(EVENT.formatted("2026-03-05T00:00:00Z", "delivered"));

        News late = lay(EVENT.formatted("2026-03-04T00:00:00Z", "in_transit"));

        assertThat(late.events()).hasSize(1);
        assertThat(late.fields()).isEmpty();
        assertThat(known.path("status").asText()).isEqualTo("delivered");
    }

    @Test
    void theOrderInWhichEventsComeDoesNotMatter() {
        List<String> said = new ArrayList<>(List.of(
                EVENT.formatted("2026-03-02T00:00:00Z", "handed_over"),
                EVENT.formatted("2026-03-03T00:00:00Z", "in_transit"),
                EVENT.formatted("2026-03-04T00:00:00Z", "exception"),
                EVENT.formatted("2026-03-04T00:00:00Z", "out_for_delivery"),
                EVENT.formatted("2026-03-05T00:00:00Z", "delivered")));

        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(said, new Random(seed));
            ObjectNode shipment = json("{\"status\": \"submitted\"}");
            said.forEach(each -> LaterShipment.lay(shipment, json(each), "push", NOW));
            said.forEach(each -> assertThat(
                            LaterShipment.lay(shipment, json(each), "push", NOW).isEmpty())
                    .isTrue());
            assertThat(shipment.path("status").asText()).as("seed " + seed).isEqualTo("delivered");
            assertThat(shipment.path("tracking_events")).hasSize(5);
        }
    }

    @Test
    void aSourceThatOnlyRepeatsItselfTakesNothingBack() {
        String finished =
                "{\"status\": \"handed_over\", \"raw_status\": \"FINISHED\", \"updated_at\": \"2026-03-0%dT00:00:00Z\"}";
        lay(finished.formatted(2));
        LaterShipment.lay(known, json(EVENT.formatted("2026-03-05T00:00:00Z", "delivered")), "events", NOW);

        News touched = lay(finished.formatted(6));

        assertThat(touched.isEmpty()).isTrue();
        assertThat(known.path("status").asText()).isEqualTo("delivered");
    }

    @Test
    void theSumOfTheRowsIsWhatWasSaidLast() {
        for (String amount : List.of("3.90", "4.20", "3.90", "4.20", "4.2")) {
            charge(amount, false);
            assertThat(freight).isEqualByComparingTo(amount);
        }
        News last = charge("4.20", true);
        News taken = charge("9.99", false);

        assertThat(last.charges().get(0).get("amount").asText()).isEqualTo("0.00");
        assertThat(last.charges().get(0).get("final").asBoolean()).isTrue();
        assertThat(taken.isEmpty()).isTrue();
        assertThat(known.get("charges")).hasSize(1);
        assertThat(known.at("/charges/0/amount").asText()).isEqualTo("4.20");
    }

    @Test
    void aRefundIsAChargeOfItsOwn() {
        charge("4.20", true);

        News refund = lay("{\"charges\": [{\"kind\": \"refund\", \"amount\": \"-4.20\", \"currency\": \"GBP\","
                + " \"source\": \"s\", \"final\": true}]}");

        assertThat(refund.charges()).hasSize(1);
        assertThat(known.get("charges").findValuesAsText("kind")).containsExactly("freight", "refund");
    }

    @Test
    void aNumberThatIsReplacedStaysAmongTheOthers() {
        lay("{\"tracking_number\": \"T1\"}");
        lay("{\"tracking_number\": \"T2\", \"other_tracking_numbers\": [\"X\"]}");

        assertThat(known.path("tracking_number").asText()).isEqualTo("T2");
        assertThat(known.get("other_tracking_numbers"))
                .extracting(JsonNode::asText)
                .containsExactly("X", "T1");
    }

    @Test
    void whatIsOlderAddsKindsOfChargesAndCorrectsNone() {
        lay(CHARGE.formatted("freight", "4.20", 5));

        News missing = lay(CHARGE.formatted("surcharge", "1.00", 2));
        News older = lay(CHARGE.formatted("freight", "9.99", 3));
        News newer = lay(CHARGE.formatted("freight", "4.00", 6));

        assertThat(missing.charges()).hasSize(1);
        assertThat(older.isEmpty()).isTrue();
        assertThat(newer.charges().findValuesAsText("amount")).containsExactly("-0.20");
    }

    @Test
    void anotherLabelIsTheNextOneAndAnOlderOneReplacesNone() {
        lay(LABEL.formatted("a", 2));

        News next = lay(LABEL.formatted("b", 5));
        News same = lay(LABEL.formatted("b", 6));
        News older = lay(LABEL.formatted("c", 3));

        assertThat(next.fields()).containsExactly("label");
        assertThat(same.isEmpty()).isTrue();
        assertThat(older.isEmpty()).isTrue();
        assertThat(known.at("/label/sha256").asText()).isEqualTo("b");
        assertThat(known.path(LaterShipment.LABEL_NUMBER).asInt()).isEqualTo(1);
    }

    @Test
    void aClockThatIsAheadHoldsNoCorrectionUp() {
        lay(CHARGE.formatted("freight", "4.20", 10).replace("03-010T00", "03-10T08"));

        News next = charge("4.50", true);

        assertThat(next.charges().findValuesAsText("amount")).containsExactly("0.30");
    }

    @Test
    void aClockThatIsAheadHoldsNothingUp() {
        lay("{\"status\": \"processing\", \"updated_at\": \"2026-03-10T01:00:00Z\"}");

        lay("{\"status\": \"cancelled\"}");

        assertThat(known.path("status").asText()).isEqualTo("cancelled");
    }

    private News charge(String amount, boolean last) {
        News news = lay("{\"charges\": [{\"kind\": \"freight\", \"amount\": \"" + amount
                + "\", \"currency\": \"GBP\", \"source\": \"s\", \"final\": " + last + "}]}");
        news.charges()
                .forEach(row ->
                        freight = freight.add(new BigDecimal(row.get("amount").asText())));
        List<String> sources = news.charges().findValuesAsText("source");
        assertThat(sources).doesNotHaveDuplicates();
        return news;
    }

    private News lay(String said) {
        return LaterShipment.lay(known, json(said), "birdsystem track", NOW);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Orders.json(text);
    }
}
