package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Ledger.Entry;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the warehouse and the parcel's carrier do with BirdSystem's orders: by themselves, a little at each query, and as tests
 * want it.
 */
final class Warehouse {

    private static final int POLLS_UNTIL_FINISHED = 3;

    private final ConsignmentStore store;
    private final Clock clock;
    private final Map<String, Integer> polls = new HashMap<>();

    Warehouse(ConsignmentStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    Entry poll(Entry entry) {
        if (!entry.state().equals("PENDING")
                || entry.detail().has("by_hand")
                || polls.merge(entry.orderId(), 1, Integer::sum) < POLLS_UNTIL_FINISHED) {
            return entry;
        }
        polls.remove(entry.orderId());
        return store.move(entry, "FINISHED");
    }

    /**
     * What the warehouse and the parcel's carrier do, for tests: {@code {reference, status, without_number, delivery_fee,
     * handling_fee, note, at}}, each but the reference may be absent. An order whose status was set moves on by itself no more.
     */
    void work(JsonNode work) {
        List<Entry> chosen = store.booked(
                        booked -> work.path("reference").asText().equals(booked.reference()))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("work: no consignment has the reference '"
                    + work.path("reference").asText() + "'");
        }
        chosen.forEach(entry -> work(entry, work));
    }

    private void work(Entry entry, JsonNode work) {
        ObjectNode details = (ObjectNode) entry.detail();
        for (String fee : List.of("delivery_fee", "handling_fee")) {
            if (work.has(fee)) {
                details.set(fee, work.get(fee));
            }
        }
        if (work.has("note")) {
            String at = work.path("at").asText(clock.instant().toString());
            details.withArray("points")
                    .addObject()
                    .put("at", at)
                    .put("note", work.get("note").asText());
        }
        if (!work.has("status")) {
            store.change(entry, entry.state(), entry.tracking(), details);
            return;
        }
        details.put("by_hand", true);
        Entry held = entry.changed(entry.state(), entry.tracking(), Consignment.bytes(details));
        Entry moved = store.move(held, work.get("status").asText());
        if (work.path("without_number").asBoolean()) {
            store.change(moved, moved.state(), null, (ObjectNode) moved.detail());
        }
    }
}
