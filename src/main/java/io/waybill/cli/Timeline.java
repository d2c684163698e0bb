package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The chain of an order as lines for people, the oldest first.
 *
 * @param trail as {@code trace} gives it
 */
record Timeline(JsonNode trail) {

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");
    private static final int SHORT = 12;
    private static final Set<String> UNDECIDED = Set.of("not-sent", "in-doubt");
    private static final JsonNode EMPTY = MissingNode.getInstance();

    private record Event(String at, String what, String text) {

        /** What sorts by time: a full second has no fraction, and its Z would come after every digit. */
        private String moment() {
            return at.replace("Z", "");
        }
    }

    /** A headline, what happened and when, and what stands at the end. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(headline());
        events().stream()
                .sorted(Comparator.comparing(Event::moment))
                .forEach(event -> lines.add("  %-27s  %-14s %s"
                        .formatted(event.at, event.what, event.text)
                        .stripTrailing()));
        lines.addAll(outcome());
        return lines.stream().map(line -> UNSAFE.matcher(line).replaceAll("?")).toList();
    }

    private String headline() {
        JsonNode order = trail.path("order");
        StringBuilder line = new StringBuilder("order ").append(text(order, "order_id"));
        line.append(" of ").append(text(order, "account"));
        if (order.path("reissue").asInt() > 0) {
            line.append(", reissue ").append(order.path("reissue").asInt());
        }
        line.append(": ").append(text(order, "state"));
        if (order.has("carrier")) {
            line.append(", ").append(text(order, "carrier")).append(' ').append(text(order, "service"));
            line.append(" by ").append(text(order, "rule"));
        }
        return line.append(", from ").append(text(order, "source")).toString();
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        trail.path("history")
                .forEach(row -> events.add(new Event(
                        text(row, "at"), text(row, "what"), details(row.path("detail")) + "by " + text(row, "actor"))));
        trail.path("labels")
                .forEach(row -> events.add(new Event(
                        text(row, "stored_at"),
                        "label",
                        text(row, "format") + ", " + text(row, "bytes") + " bytes, sha256 "
                                + shortened("sha256", text(row, "sha256")) + ", "
                                + text(row, "path"))));
        trail.path("tracking_events")
                .forEach(row -> events.add(new Event(
                        text(row, "at"),
                        "tracking",
                        text(row, "status") + " (" + text(row, "raw_status") + ") " + text(row, "text"))));
        trail.path("charges")
                .forEach(row -> events.add(new Event(
                        text(row, "at"),
                        text(row, "kind").equals("refund") ? "refund" : "charge",
                        text(row, "kind") + " " + text(row, "amount") + " " + text(row, "currency")
                                + (row.path("final").asBoolean() ? "" : ", not final") + ", from "
                                + text(row, "source"))));
        trail.path("dead_letters")
                .forEach(row -> events.add(new Event(
                        text(row, "at"),
                        "dead letter",
                        text(row, "cause") + " at " + text(row, "stage") + ": " + text(row, "message") + "; "
                                + text(row, "file"))));
        return events;
    }

    private List<String> outcome() {
        List<String> lines = new ArrayList<>();
        JsonNode order = trail.path("order");
        JsonNode last = trail.path("history").path(trail.path("history").size() - 1);
        JsonNode shipment = order.path(order.has("shipment") ? "shipment" : "booked");
        if (shipment.isObject()) {
            lines.add("  waybill " + text(shipment, "tracking_number") + ", the carrier's order "
                    + text(shipment, "carrier_order_id") + ", reference " + text(order, "carrier_reference"));
        }
        trail.path("follow_ups").forEach(row -> lines.add("  " + followUp(row)));
        String state = text(order, "state");
        for (JsonNode step : state.equals("waiting") || state.equals("in-doubt") ? trail.path("steps") : EMPTY) {
            if (UNDECIDED.contains(text(step, "state")) && step.has("reason")) {
                lines.add("  " + text(step, "step") + " is " + text(step, "state") + ": " + text(step, "reason"));
            }
        }
        if (state.equals("in-doubt") && !order.has("due_at")) {
            lines.add("  next: a person decides, see 'waybill resolve --help'");
        } else if (order.has("due_at") && last.path("what").asText().equals("paused")) {
            lines.add("  next: goes on once " + text(order, "carrier") + " works again, attempts so far "
                    + text(order, "attempts"));
        } else if (order.has("due_at") && last.path("what").asText().equals("queued")) {
            lines.add("  next: goes on when it is its turn at " + text(order, "carrier"));
        } else if (order.has("due_at")) {
            lines.add("  next: looked at again at " + text(order, "due_at") + ", attempts so far "
                    + text(order, "attempts"));
        }
        if (order.path("duplicates").asInt() > 0) {
            lines.add("  came again " + Words.count(order.path("duplicates").asLong(), "time")
                    + " and was answered the same");
        }
        return lines;
    }

    private static String followUp(JsonNode row) {
        StringBuilder line = new StringBuilder();
        line.append(text(row, "operation").equals("cancel") ? "cancellation" : "follow-up " + text(row, "operation"));
        line.append(": ").append(text(row, "state"));
        if (row.has("awaits")) {
            line.append(", awaits ")
                    .append(text(row, "awaits"))
                    .append(" until ")
                    .append(text(row, "deadline_at"));
        }
        if (row.has("due_at")) {
            line.append(", asked next at ").append(text(row, "due_at"));
        }
        if (row.path("attempts").asInt() > 0) {
            line.append(", ")
                    .append(Words.count(row.path("attempts").asLong(), "time"))
                    .append(" in vain");
        }
        return row.path("detail").asText("").isEmpty()
                ? line.toString()
                : line.append(": ").append(text(row, "detail")).toString();
    }

    private static String details(JsonNode detail) {
        StringBuilder text = new StringBuilder();
        detail.properties().stream()
                .filter(field -> !field.getValue().asText().equals("null"))
                .forEach(field -> text.append(field.getKey())
                        .append('=')
                        .append(shortened(field.getKey(), field.getValue().asText()))
                        .append(' '));
        return text.toString();
    }

    /** The whole of a hash stands in {@code --json}. */
    private static String shortened(String name, String value) {
        boolean hash = !name.equals("reason") && value.matches("[0-9a-f]{64}");
        return hash ? value.substring(0, SHORT) : value;
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).asText("-");
    }
}
