package io.waybill.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.ledger.Doubt;
import io.waybill.ledger.Queries;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is not over, in rows: orders and voids in doubt, orders that wait, dead letters, pushes. */
record Lists(Queries queries) {

    /** How many lines a list has at most. */
    static final int LISTED = 1000;

    private static final int LONGEST_FAULT = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    List<Map<String, Object>> inDoubt() {
        Stream<Doubt> orders = queries.inDoubt().stream()
                .map(stored -> new Doubt(
                        stored.key(),
                        stored.carrier(),
                        stored.updatedAt(),
                        queries.callInDoubt(stored.key()).orElse(null)));
        return Stream.concat(orders, queries.voidsInDoubt(LISTED).stream())
                .sorted(Comparator.comparing(Doubt::since))
                .map(doubt ->
                        Row.of(doubt.key(), "carrier", doubt.carrier(), "since", doubt.since(), "call", doubt.call()))
                .toList();
    }

    List<Map<String, Object>> waiting() {
        return queries.waiting(LISTED).stream()
                .map(stored -> Row.of(
                        stored.key(),
                        "carrier",
                        stored.carrier(),
                        "state",
                        stored.state(),
                        "attempts",
                        stored.attempts(),
                        "due",
                        stored.dueAt()))
                .toList();
    }

    List<Map<String, Object>> deadLetters(String cause) {
        return queries.deadLetters().unreplayed(cause, LISTED).stream()
                .map(dead -> Row.of(
                        dead.key(),
                        "stage",
                        dead.stage(),
                        "cause",
                        dead.cause(),
                        "at",
                        dead.at(),
                        "letter",
                        dead.id(),
                        "file",
                        dead.file(),
                        "message",
                        dead.message(),
                        "fault",
                        firstFault(dead.faults())))
                .toList();
    }

    /** The first of its faults: the JSON pointer of the field, if it has one, and the sentence. */
    private static String firstFault(String faults) {
        try {
            JsonNode first = JSON.readTree(faults).path(0);
            String fault = (first.path("pointer").asText() + " "
                            + first.path("message").asText())
                    .trim();
            return fault.length() <= LONGEST_FAULT ? fault : fault.substring(0, LONGEST_FAULT) + "...";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: the faults of a dead letter are no JSON", e);
        }
    }

    List<Map<String, Object>> pushes(String state) {
        return queries.pushes(state, LISTED).stream()
                .map(push -> Row.of(
                        "push",
                        push.id().substring(0, 12),
                        "carrier",
                        push.carrier(),
                        "account",
                        push.account(),
                        "received",
                        push.receivedAt(),
                        "attempts",
                        push.attempts(),
                        "aside",
                        push.detail()))
                .toList();
    }
}
