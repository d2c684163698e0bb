package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lays what a carrier said after the booking over what is known of a shipment. The same said twice, or in any order, gives the
 * same.
 *
 * <ol>
 *   <li>What is said is as old as its {@code updated_at}, else as its newest event, else it is of now.
 *   <li>A status that is older than the known one is not taken, nor one that its source only repeats. Of the same moment, the
 *       further one counts. Without a status, the newest event tells it.
 *   <li>Every event that is not known is new, however old. Other fields fill what is missing; they replace what is known unless
 *       they are older. A tracking number that is replaced stays among the others.
 *   <li>What is {@code raw} is kept by its source, and is no news by itself.
 *   <li>Charges: see {@link Corrections}. A label: unless it is the one that is known.
 * </ol>
 */
public final class LaterShipment {

    /** What is kept beside the shipment, and is not shown. */
    static final String STATUS_AT = "status_at";

    static final String SAID = "said";
    static final String CHARGES_AT = "charges_at";
    static final String LABEL_NUMBER = "label_number";

    private static final List<String> PLAIN =
            List.of("carrier_order_id", "sorting", "chargeable_weight_g", "carrier_request_id");
    private static final List<String> WAY = List.of(
            "unknown",
            "draft",
            "submitted",
            "processing",
            "labelled",
            "handed_over",
            "in_transit",
            "out_for_delivery",
            "exception",
            "delivered",
            "returned",
            "cancelled");

    private final ObjectNode known;
    private final ObjectNode later;
    private final String source;
    private final Instant at;
    private final Instant knownAt;
    private final Instant chargesAt;
    private final boolean older;
    private final Set<String> fields = new TreeSet<>();

    private LaterShipment(ObjectNode known, ObjectNode later, String source, Instant now) {
        this.known = known;
        this.later = later;
        this.source = source;
        this.at = time(later, now);
        this.knownAt = knownAt(now);
        this.chargesAt = notAfter(now, time(known.path(CHARGES_AT)));
        this.older = knownAt != null && at.isBefore(knownAt);
    }

    /**
     * Lays it over.
     *
     * @param known what is known, as the ledger keeps it with the booking; changed in place
     * @param later a part of a shipment, as a mapping gives it; its label content, if it has one, is stored already
     * @param source which operation said it
     */
    public static News lay(ObjectNode known, ObjectNode later, String source, Instant now) {
        return new LaterShipment(known, later, source, now).lay();
    }

    private News lay() {
        ArrayNode events = events();
        status();
        PLAIN.forEach(this::plain);
        numbers();
        label();
        warnings();
        if (later.has("raw")) {
            known.withObjectProperty("raw").set(source, later.get("raw"));
        }
        ArrayNode charges = charges();
        if (!fields.isEmpty() && !older && later.has("updated_at")) {
            known.set("updated_at", later.get("updated_at"));
        }
        return new News(source, events, charges, fields);
    }

    private ArrayNode charges() {
        boolean stale = chargesAt != null && at.isBefore(chargesAt);
        ArrayNode charges = new Corrections(known, source).of(later.path("charges"), stale);
        if (!charges.isEmpty() && !stale) {
            known.put(CHARGES_AT, at.toString());
        }
        return charges;
    }

    private ArrayNode events() {
        ArrayNode fresh = JsonNodeFactory.instance.arrayNode();
        Set<String> ids = new HashSet<>();
        known.path("tracking_events").forEach(event -> ids.add(Rows.eventId(event)));
        for (JsonNode event : later.path("tracking_events")) {
            if (ids.add(Rows.eventId(event))) {
                known.withArray("tracking_events").add(event);
                fresh.add(event);
            }
        }
        return fresh;
    }

    private void status() {
        JsonNode told = later.has("status") ? later : newestEvent();
        String status = told.path("status").asText("");
        String said = status + " " + told.path("raw_status").asText("");
        boolean repeated =
                later.has("status") && known.path(SAID).path(source).asText("").equals(said);
        boolean same = status.equals(known.path("status").asText())
                && (!told.has("raw_status") || told.get("raw_status").equals(known.get("raw_status")));
        if (status.isEmpty() || older || repeated || same || isStepBack(status)) {
            return;
        }
        known.put("status", status).put(STATUS_AT, at.toString());
        if (later.has("status")) {
            known.withObjectProperty(SAID).put(source, said);
        }
        for (String raw : List.of("raw_status", "raw_status_text")) {
            if (told.has(raw)) {
                known.set(raw, told.get(raw));
            } else {
                known.remove(raw);
            }
        }
        fields.add("status");
    }

    /** Of two that are of the same moment. */
    private boolean isStepBack(String status) {
        return at.equals(knownAt)
                && !(later.has("status") && status.equals("unknown"))
                && WAY.indexOf(status) < WAY.indexOf(known.path("status").asText());
    }

    private JsonNode newestEvent() {
        JsonNode newest = JsonNodeFactory.instance.missingNode();
        Instant newestAt = Instant.MIN;
        for (JsonNode event : later.path("tracking_events")) {
            Instant eventAt = time(event.path("at"));
            if (eventAt != null
                    && eventAt.isAfter(newestAt)
                    && !event.path("status").asText().equals("unknown")) {
                newest = event;
                newestAt = eventAt;
            }
        }
        return newest;
    }

    private void plain(String field) {
        JsonNode value = later.path(field);
        boolean wanted = known.path(field).isMissingNode() || !older;
        if (!value.isMissingNode() && wanted && !isSame(value, known.get(field))) {
            known.set(field, value);
            fields.add(field);
        }
    }

    private void numbers() {
        String before = known.path("tracking_number").asText("");
        plain("tracking_number");
        String now = known.path("tracking_number").asText("");
        Set<String> others = new java.util.LinkedHashSet<>();
        known.path("other_tracking_numbers").forEach(number -> others.add(number.asText()));
        int count = others.size();
        later.path("other_tracking_numbers").forEach(number -> others.add(number.asText()));
        if (!before.isEmpty() && !before.equals(now)) {
            others.add(before);
        }
        if (others.size() > count) {
            ArrayNode all = known.putArray("other_tracking_numbers");
            others.forEach(all::add);
            fields.add("other_tracking_numbers");
        }
    }

    private void label() {
        JsonNode label = later.path("label");
        JsonNode before = known.path("label");
        if (label.isMissingNode() || isSame(label, before) || older && before.has("path")) {
            return;
        }
        if (label.has("sha256") && label.get("sha256").equals(before.get("sha256"))) {
            return;
        }
        if (before.has("path")) {
            known.put(LABEL_NUMBER, known.path(LABEL_NUMBER).asInt() + 1);
        }
        known.set("label", label);
        known.set(
                "label_state",
                later.path("label_state").isMissingNode() ? known.get("label_state") : later.get("label_state"));
        fields.add("label");
    }

    private void warnings() {
        Set<String> told = new HashSet<>();
        known.path("warnings").forEach(warning -> told.add(warning.asText()));
        for (JsonNode warning : later.path("warnings")) {
            if (told.add(warning.asText())) {
                known.withArray("warnings").add(warning);
                fields.add("warnings");
            }
        }
    }

    private Instant knownAt(Instant now) {
        Instant status = time(known.path(STATUS_AT));
        return notAfter(now, status != null ? status : time(known.path("updated_at")));
    }

    /** A carrier's clock or zone may be wrong, and must not hold up everything that follows. */
    private static Instant notAfter(Instant now, Instant known) {
        return known != null && known.isAfter(now) ? now : known;
    }

    /** A number that was read again may be of another kind. */
    private static boolean isSame(JsonNode one, JsonNode other) {
        return other != null && one.toString().equals(other.toString());
    }

    private static Instant time(ObjectNode later, Instant now) {
        Instant said = time(later.path("updated_at"));
        if (said != null) {
            return said;
        }
        Instant newest = null;
        for (JsonNode event : later.path("tracking_events")) {
            Instant eventAt = time(event.path("at"));
            newest = eventAt != null && (newest == null || eventAt.isAfter(newest)) ? eventAt : newest;
        }
        return newest == null ? now : newest;
    }

    private static Instant time(JsonNode text) {
        try {
            return text.isTextual() ? OffsetDateTime.parse(text.asText()).toInstant() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
